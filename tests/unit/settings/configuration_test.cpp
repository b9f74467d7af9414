#include "core/settings/configuration.hpp"

#include <gmock/gmock.h>

#include "core/settings/factory_defaults.hpp"
#include "core/settings/section.hpp"
#include "core/settings/section_names.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/xpath.hpp"
#include "core/settings/xpath_cost.hpp"
#include "tests/unit/settings/builders.hpp"

namespace provlab::settings {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Configuration parsed(std::string_view xml) {
  auto configuration = Configuration::parse(xml);
  if (!configuration) throw std::runtime_error(configuration.error().to_string());
  return *configuration;
}

class FactoryDefaults : public testing::TestWithParam<std::tuple<DeviceType, Release>> {
 protected:
  DeviceType type() const { return std::get<0>(GetParam()); }
  Release release() const { return std::get<1>(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(All, FactoryDefaults,
                         testing::Combine(testing::Values(DeviceType::d100, DeviceType::d200),
                                          testing::Values(Release::r1_10A, Release::r2_0C,
                                                          Release::r2_2A)));

TEST_P(FactoryDefaults, HoldEverySectionOfTheirReleaseInItsVersion) {
  const auto defaults = factory_defaults(type(), release());
  for (const std::string_view name : known_sections()) {
    const auto section = defaults.section(name);
    if ((release() == Release::r1_10A && name == "luaLibraries") ||
        (release() != Release::r2_2A && name == "update")) {
      EXPECT_FALSE(section);
      continue;
    }
    ASSERT_TRUE(section) << name;
    EXPECT_EQ(section->element().attribute("version").value(), settings_version(release()));
  }
}

TEST_P(FactoryDefaults, AreValid) {
  const auto judge = release_judge(type(), release());
  for (const auto& section : factory_defaults(type(), release()).sections()) {
    const auto judged = judge->judge(*section);
    EXPECT_TRUE(judged) << judged.error().to_string();
  }
}

TEST_P(FactoryDefaults, LetTheDeviceProvisionItselfAtBoot) {
  const auto defaults = factory_defaults(type(), release());
  for (const auto path :
       {"active", "dhcp", "redirect", "pbx", "execution/mondays", "execution/sundays"}) {
    EXPECT_TRUE(defaults.flag(std::string("provisioning/") + path, false)) << path;
  }
  EXPECT_EQ(defaults.text("provisioning/url", "missing"), "");
  EXPECT_EQ(defaults.text("provisioning/execution/time", "missing"), "");
  EXPECT_THAT(*defaults.select("/users/user/@name"), ElementsAre("admin", "user"));
  EXPECT_THAT(*defaults.select("count(/identities/identity)"), ElementsAre("6"));
}

TEST_P(FactoryDefaults, SurviveWritingAndReading) {
  const auto defaults = factory_defaults(type(), release());
  const auto again = parsed(defaults.to_xml());
  EXPECT_EQ(again, defaults);
  EXPECT_EQ(again.to_xml(), defaults.to_xml());
}

TEST(FactoryDefaultsOfReleases, DifferWhereSettingsEvolved) {
  const auto old = factory_defaults(DeviceType::d200, Release::r1_10A);
  const auto now = factory_defaults(DeviceType::d200, Release::r2_2A);
  EXPECT_THAT(*old.select("/provisioning/sip/whitelist/whitelistEntry"),
              ElementsAre("192.168.0.200"));
  EXPECT_THAT(*now.select("/provisioning/sip/whitelist"), IsEmpty());
  EXPECT_THAT(*now.select("/provisioning/sip/allowlist/allowlistEntry"),
              ElementsAre("192.168.0.200"));
}

TEST(FactoryDefaultsOfTypes, OnlyTheD200HasExtensionModules) {
  const auto d100 = factory_defaults(DeviceType::d100, Release::r2_2A);
  const auto d200 = factory_defaults(DeviceType::d200, Release::r2_2A);
  EXPECT_THAT(*d100.select("/keys/extensionModule1"), IsEmpty());
  EXPECT_THAT(*d200.select("/keys/extensionModule1"), ElementsAre(""));
}

TEST(Configuration, CopiesShareTheirSections) {
  const auto a = factory_defaults(DeviceType::d200, Release::r2_2A);
  const Configuration b = a;
  EXPECT_EQ(a.section("keys"), b.section("keys"));
}

TEST(Configuration, TextIsFoundWithAndWithoutTheRoot) {
  const auto c = parsed("<configuration><time><ntpServer>a</ntpServer></time></configuration>");
  EXPECT_EQ(c.text("time/ntpServer"), "a");
  EXPECT_EQ(c.text("/time/ntpServer"), "a");
  EXPECT_EQ(c.text("/configuration/time/ntpServer"), "a");
  EXPECT_EQ(c.text("time/ntp", "fallback"), "fallback");
  EXPECT_EQ(c.text("network/ntp", "fallback"), "fallback");
  EXPECT_EQ(c.text("", "fallback"), "fallback");
}

TEST(Configuration, TextJoinsCharacterDataAndCdataAndKeepsBlanks) {
  const auto c = parsed(
      "<configuration><time><a>x<!-- c -->y <![CDATA[ <z>]]></a><b> </b><d>\n<![CDATA[e]]>\n</d>"
      "</time></configuration>");
  EXPECT_EQ(c.text("time/a"), "xy  <z>");
  EXPECT_EQ(c.text("time/b"), " ");
  EXPECT_EQ(c.text("time/d"), "\ne\n");
}

TEST(Configuration, FlagReadsSwitchesAndFallsBackOtherwise) {
  const auto c = parsed(
      "<configuration><time><a>true</a><b>1</b><c>false</c><d>0</d><e>yes</e><f> true </f></time>"
      "</configuration>");
  EXPECT_TRUE(c.flag("time/a", false));
  EXPECT_TRUE(c.flag("time/b", false));
  EXPECT_FALSE(c.flag("time/c", true));
  EXPECT_FALSE(c.flag("time/d", true));
  EXPECT_TRUE(c.flag("time/e", true));
  EXPECT_FALSE(c.flag("time/e", false));
  EXPECT_TRUE(c.flag("time/f", false));
  EXPECT_TRUE(c.flag("time/missing", true));
}

TEST(Configuration, TextsGiveAllElementsOfAList) {
  const auto c = parsed(
      "<configuration><provisioning><sip><allowlist><allowlistEntry>a</allowlistEntry>"
      "<allowlistEntry>b</allowlistEntry></allowlist></sip></provisioning></configuration>");
  EXPECT_THAT(c.texts("provisioning/sip/allowlist/allowlistEntry"), ElementsAre("a", "b"));
  EXPECT_THAT(c.texts("provisioning/sip/whitelist/whitelistEntry"), IsEmpty());
}

TEST(Configuration, EqualityIgnoresAttributeOrderAndTheFormOfText) {
  const auto a = parsed("<configuration><keys><k a='1' b='2'>x&lt;</k></keys></configuration>");
  const auto b =
      parsed("<configuration>\n <keys><k b='2' a='1'><![CDATA[x<]]></k></keys></configuration>");
  EXPECT_EQ(a, b);
  EXPECT_FALSE(a == parsed("<configuration><keys><k a='1' b='2'>y</k></keys></configuration>"));
  EXPECT_FALSE(a == parsed("<configuration><keys><k a='1'>x&lt;</k></keys></configuration>"));
  EXPECT_FALSE(a == parsed("<configuration><keys><k a='1' b='2' c=''>x&lt;</k></keys>"
                           "</configuration>"));
}

TEST(Configuration, WritingEscapesWhatReadingWouldChange) {
  const std::string xml =
      "<configuration><keys><k a=\"&lt;&amp;&quot;&#9;&#10;&#13;'\">&lt;&amp;&gt;\"&#13;\n\t</k>"
      "</keys></configuration>";
  const auto c = parsed(xml);
  EXPECT_EQ(c.to_xml(), xml);
  EXPECT_EQ(c.text("keys/k"), "<&>\"\r\n\t");
}

TEST(Configuration, LineEndsBecomeLineFeeds) {
  EXPECT_EQ(parsed("<configuration><keys><k>a\r\nb\rc</k></keys></configuration>").text("keys/k"),
            "a\nb\nc");
}

TEST(Configuration, ParseTakesConfigurationsOnly) {
  EXPECT_THAT(Configuration::parse("<keys/>").error().text, HasSubstr("is not configuration"));
  EXPECT_TRUE(Configuration::parse("<configuration><a/></configuration>"));
}

TEST(ConfigurationSelect, GivesValuesInDocumentOrder) {
  const auto c = parsed(
      "<configuration><time><a>1</a><a>2</a></time><keys><k n='3'/><k n='4'/></keys>"
      "</configuration>");
  EXPECT_THAT(*c.select("/time/a"), ElementsAre("1", "2"));
  EXPECT_THAT(*c.select("/configuration/keys/k/@n"), ElementsAre("3", "4"));
  EXPECT_THAT(*c.select("configuration/time/a[2]"), ElementsAre("2"));
  EXPECT_THAT(*c.select("/keys/k[@n='4']/@n | /time/a"), ElementsAre("1", "2", "4"));
  EXPECT_THAT(*c.select("//k/@n"), ElementsAre("3", "4"));
  EXPECT_THAT(*c.select("/time"), ElementsAre("12"));
  EXPECT_THAT(*c.select("/time/b"), IsEmpty());
  EXPECT_THAT(*c.select("/foo/b"), IsEmpty());
}

TEST(ConfigurationSelect, FindsByNamesWhatXPathFinds) {
  const auto c = parsed(
      "<configuration><time><a>1<b> x <!-- c --></b></a><a/><a><b><![CDATA[<]]></b><c/><b>3</b></a>"
      "</time><or><div>4</div></or><k-1><_y>5</_y></k-1></configuration>");
  for (const std::string path :
       {"/time", "time", "/time/a", "time/a/b", "/configuration/time/a/b", "configuration/time/a",
        "/time/a/c", "/time/a/b/c", "/or/div", "or/div", "/k-1/_y", "/time/x", "/x"}) {
    EXPECT_EQ(*c.select(path), *c.select("(" + path + ")")) << path;
  }
  for (const std::string path : {"/", "/configuration", "configuration", "//b", "/time//b",
                                 "/time/./a", "/time/a/..", "/time/*", " time / a "}) {
    EXPECT_EQ(*c.select(path), *c.select("(" + path + ")")) << path;
  }
  for (const char* path : {"time/1", "time/-a", "a b"}) {
    EXPECT_FALSE(c.select(path)) << path;
  }
}

TEST(ConfigurationSelect, GivesNumbersTextsAndTruthAsOneValue) {
  const auto c = parsed("<configuration><time><a>1</a><a>2</a></time><keys/></configuration>");
  EXPECT_THAT(*c.select("count(/configuration/*)"), ElementsAre("2"));
  EXPECT_THAT(*c.select("string(/configuration/time/a[2])"), ElementsAre("2"));
  EXPECT_THAT(*c.select("/time/a = 2"), ElementsAre("true"));
  EXPECT_THAT(*c.select("/time/a[. = /configuration/time/a[2]]"), ElementsAre("2"));
}

TEST(ConfigurationSelect, SaysWhereAnExpressionIsWrong) {
  EXPECT_THAT(Configuration().select("/time[").error().text, HasSubstr("invalid XPath"));
}

TEST(ConfigurationSelect, RefusesWhatTakesTooLong) {
  const auto c = parsed("<configuration><templates>" + repeated("<template/>", 1000) +
                        "</templates></configuration>");
  EXPECT_THAT(c.select("//template[//template[//template]]").error().text,
              HasSubstr("looks at too many settings"));
  EXPECT_THAT(
      c.select("/templates/template[@x or /templates/template[../template[@y]]]").error().text,
      HasSubstr("looks at too many settings"));
  EXPECT_THAT(c.select("/" + std::string(1024, 'a')).error().text, HasSubstr("1024 octets"));
  EXPECT_EQ(c.select("//template")->size(), 1000u);
}

TEST(XPath, PathsAreRewrittenToBeginAtTheSection) {
  EXPECT_EQ(paths_from_section(" /configuration/keys/ "), "/keys");
  EXPECT_EQ(paths_from_section("/keys/a/"), "/keys/a");
  EXPECT_EQ(paths_from_section("/a['/configuration/b']"), "/a['/configuration/b']");
  EXPECT_EQ(paths_from_section("/a | /configuration/b"), "/a | /b");
  EXPECT_EQ(paths_from_section("/configurations/b"), "/configurations/b");
  EXPECT_EQ(paths_from_section("/a/configuration/b"), "/a/configuration/b");
  EXPECT_EQ(paths_from_section("/configuration"), "/");
  EXPECT_EQ(paths_from_section("//a | /"), "//a | /") << "the last slash is the root";
  EXPECT_EQ(paths_from_section("1 = /configuration//"), "1 = /self::node()");
}

TEST(XPath, ConfigurationIsTheRootWhereverAPathStands) {
  for (const auto& [written, expected] : std::vector<std::pair<const char*, const char*>>{
           {"/keys[@a=1 and /configuration/time/b]", "/keys[@a=1 and /time/b]"},
           {"/keys[@a or /configuration/b]", "/keys[@a or /b]"},
           {"1 - /configuration/b", "1 - /b"},
           {"2 * /configuration/b", "2 * /b"},
           {"6 div /configuration/b mod /configuration/c", "6 div /b mod /c"},
           {"/a/*/configuration/b", "/a/*/configuration/b"},
           {"and/configuration/b", "and/configuration/b"},
           {"count(/configuration/*)", "count(/*)"},
           {"count(configuration/*) = 1", "count(/*) = 1"},
           {" / configuration / keys ", "/keys"},
           {"/configuration//key", "//key"},
           {"/child::configuration/keys", "/keys"},
           {"/configuration[1]/keys[1]", "/keys[1]"},
           {"/configuration[last()]/keys", "/self::node()[last()]/keys"},
           {"/configuration[keys]", "/self::node()[keys]"},
           {"/configuration and /a", "/self::node() and /a"},
           {"/keys[configuration/a]", "/keys[configuration/a]"},
           {"/a[", "/a["},
           {"//configuration/keys",
            "/descendant-or-self::node()[self::configuration or "
            "not(parent::node())]/keys"},
           {"//b/ancestor::configuration/a",
            "//b/ancestor::node()[self::configuration or not(parent::node())]/a"}}) {
    EXPECT_EQ(paths_from_section(written), expected) << written;
  }
}

TEST(XPath, AnExpressionIsConfinedToASectionOnlyWhereThatIsCertain) {
  EXPECT_EQ(only_section("/keys/a[@n='1/2']/b"), "keys");
  EXPECT_EQ(only_section("keys/a/text()"), "keys");
  for (const auto* wide : {"//a", "/keys/a | /time", "/keys/a[/time/b]", "/keys/../time",
                           "count(/keys/a)", "/keys/a = 2", "/keys/following::b", "/*/a"}) {
    EXPECT_EQ(only_section(wide), "") << wide;
  }
}

/// A thousand elements, most of them templates, and a text in each.
pugi::xml_document many_settings(double& size) {
  pugi::xml_document tree;
  auto templates = tree.append_child("templates");
  for (int i = 0; i < 1000; ++i) {
    auto each = templates.append_child("template");
    each.append_attribute("name").set_value(i);
    each.text().set("text");
  }
  tree.append_child("time").append_child("timezone").text().set("UTC0");
  size = 1000;
  return tree;
}

TEST(XPath, CostGrowsWithSearchesInSearches) {
  double size = 0;
  const pugi::xml_document tree = many_settings(size);
  const TreeFigures figures(tree);
  for (const char* path :
       {"/templates/template[3]", "//template[@name='3']", "/templates//template/../template[d]",
        "/templates/template[@name='3' or @name='4']", "//template[contains(., 'e')]",
        "/templates/template[/time/timezone='UTC0']", "//template[.='//a[//b']",
        "/templates/template[1][2][3]", "//none[//*[//*]]"}) {
    EXPECT_LE(*visits_of(path, figures), 100 * size) << path;
  }
  for (const char* path :
       {"//*[//a]", "//template[@x or /templates/template]", "//*[1 div /templates/template]",
        "//*[not(//*)]", "//template/following-sibling::*[@name]", "//template = //template",
        "//template[preceding::a]", "/templates/template[count(../*) > 3]",
        "//template[contains(/templates, 'z')]"}) {
    EXPECT_GE(*visits_of(path, figures), size * size / 10) << path;
    EXPECT_LE(*visits_of(path, figures), 100 * size * size) << path;
  }
  for (const char* path : {"//*[//template=//template]", "//template[//template[//template]]",
                           "/templates/template[@x or /templates/template[@x or "
                           "/templates/template[@x]]]"}) {
    EXPECT_GE(*visits_of(path, figures), size * size * size) << path;
  }
}

TEST(XPath, CostGrowsWithTheTextThatIsReadAgainAndAgain) {
  pugi::xml_document tree;
  pugi::xml_node inner = tree.append_child("keys");
  for (int i = 0; i < 40; ++i) inner = inner.append_child("a");
  inner.text().set(std::string(100'000, 'x').c_str());
  const TreeFigures figures(tree);
  const double once = *visits_of("//a", figures);
  for (const char* path : {"//a[contains(.,'z')]", "//a[normalize-space()='z']", "//a[string()]",
                           "//a[.='z']", "sum(//a)", "//a[substring-after(.,'x')]",
                           "//a[starts-with(concat(.,'x'),'z')]", "//a[string-length()=7]"}) {
    EXPECT_GE(*visits_of(path, figures), once + 40 * 100'000 / 32.0) << path;
  }
  EXPECT_GE(*visits_of("//a[translate(.,.,.)]", figures), 1e9);
  EXPECT_LE(*visits_of("//a[count(.)=1][not(b)]", figures), 100 * once);
}

}  // namespace
}  // namespace provlab::settings
