#include "core/settings/release_schema.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>

#include "core/settings/embedded_files.hpp"
#include "core/settings/factory_defaults.hpp"
#include "core/settings/section.hpp"
#include "core/settings/section_names.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/verdict_memory.hpp"
#include "core/settings/xml_tree.hpp"
#include "tests/unit/settings/builders.hpp"

/// The schemas of each release: what they accept, what they say, and that they agree with factory
/// defaults and with how documents are read.
namespace provlab::settings {
namespace {

using testing::ElementsAre;

/// An XSD of schemas/ as its readers find it, judged by libxml2.
class SchemaFile {
 public:
  explicit SchemaFile(const std::string& name) {
    const std::string path = std::string(PROVLAB_SOURCE_DIR) + "/schemas/" + name;
    xmlSchemaParserCtxt* parser = xmlSchemaNewParserCtxt(path.c_str());
    schema_ = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    if (schema_ == nullptr) throw std::runtime_error("not a schema: " + path);
  }
  ~SchemaFile() { xmlSchemaFree(schema_); }
  SchemaFile(const SchemaFile&) = delete;
  SchemaFile& operator=(const SchemaFile&) = delete;

  /// Empty where the document is valid, else what the validator says.
  std::string verdict(const std::string& xml) const {
    const std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> document(
        xmlReadMemory(xml.data(), static_cast<int>(xml.size()), "document.xml", nullptr,
                      XML_PARSE_NOERROR | XML_PARSE_NOWARNING),
        xmlFreeDoc);
    if (!document) return "not well-formed";
    std::string complaints;
    xmlSchemaValidCtxt* context = xmlSchemaNewValidCtxt(schema_);
    xmlSchemaSetValidStructuredErrors(
        context,
        [](void* out, xmlErrorPtr error) {
          static_cast<std::string*>(out)->append(error->message);
        },
        &complaints);
    const int result = xmlSchemaValidateDoc(context, document.get());
    xmlSchemaFreeValidCtxt(context);
    return result == 0 ? complaints : complaints + "invalid";
  }

 private:
  xmlSchema* schema_ = nullptr;
};

/// What a release says of a section: empty where it is valid.
std::string complaint(const std::string& xml, Release release = Release::r2_2A) {
  pugi::xml_document document;
  if (!document.load_string(xml.c_str(), kParseEverything)) return "not well-formed";
  const auto* schema = ReleaseSchema::of(release).section(document.document_element().name());
  if (schema == nullptr) return "no such section";
  const auto judged = schema->validate(document.document_element());
  return judged ? "" : judged.error().to_string();
}

TEST(ReferenceSchema, AcceptsAndRefusesWhatTheReaderDoes) {
  const SchemaFile schema("provisioning_references.xsd");
  const auto read = [](const std::string& xml) { return read_document(xml, "").has_value(); };
  const std::string file = file_content("references.xml");
  EXPECT_EQ(schema.verdict(file), "");
  EXPECT_TRUE(read(file));
  for (const std::string good :
       {"", "<url/>", "<url>a</url><url> b </url>", "<url>p?m=&lt;MACADR&gt;&amp;x={mac}</url>"}) {
    const std::string xml = "<referencedSettings>" + good + "</referencedSettings>";
    EXPECT_EQ(schema.verdict(xml), "") << xml;
    EXPECT_TRUE(read(xml)) << xml;
  }
  for (const std::string bad : {"<uri/>", "text", "<url><a/></url>", "<url/>x"}) {
    const std::string xml = "<referencedSettings>" + bad + "</referencedSettings>";
    EXPECT_NE(schema.verdict(xml), "") << xml;
    EXPECT_FALSE(read(xml)) << xml;
  }
}

TEST(NotifySyncSchema, AcceptsOneThingToDoAndWhen) {
  const SchemaFile schema("notify_sync.xsd");
  for (const std::string good :
       {"", "<checkSync/>", "<startDelay>5</startDelay><checkSync><url>http://a/</url></checkSync>",
        "<startDate>2026-03-01T08:00:00Z</startDate><etsId>1</etsId><pbxSerial>2</pbxSerial>"
        "<checkSync><dataAvailable>false</dataAvailable></checkSync>",
        "<reboot/>", "<updateFirmware/>", "<reregister/>", "<remoteAccess/>",
        "<startDelay>86401</startDelay>", "<startDelay>PT30S</startDelay>",
        "<startDate>2026-03-01T09:00:00</startDate>",
        "<startDate>2026-03-01T09:00:00.5+01:00</startDate>",
        "<checkSync/><pbxSerial>x</pbxSerial><etsId>-7</etsId>"}) {
    EXPECT_EQ(schema.verdict("<notifySync>" + good + "</notifySync>"), "") << good;
  }
  for (const std::string bad :
       {"<startDelay>soon</startDelay>", "<nonsense/>", "text", "<etsId>one</etsId>",
        "<checkSync/><checkSync/>", "<startDate>2026-02-30T09:00:00</startDate>",
        "<checkSync><dataAvailable>maybe</dataAvailable></checkSync>"}) {
    EXPECT_NE(schema.verdict("<notifySync>" + bad + "</notifySync>"), "") << bad;
  }
}

class ReleaseSchemas : public testing::TestWithParam<Release> {
 protected:
  SchemaFile whole() const {
    return SchemaFile(std::string(to_string(GetParam())) + "/configuration.xsd");
  }
};

INSTANTIATE_TEST_SUITE_P(All, ReleaseSchemas, testing::ValuesIn(kReleases));

TEST_P(ReleaseSchemas, AcceptTheFactoryDefaultsOfTheirReleaseAndOfNoOther) {
  const SchemaFile schema = whole();
  for (const DeviceType type : {DeviceType::d100, DeviceType::d200}) {
    for (const Release release : kReleases) {
      const std::string verdict = schema.verdict(factory_defaults(type, release).to_xml());
      EXPECT_EQ(verdict.empty(), release == GetParam()) << to_string(release) << verdict;
    }
  }
}

TEST_P(ReleaseSchemas, AcceptWhatOurDocumentsMakeOfTheirFactoryDefaults) {
  const SchemaFile schema = whole();
  Device phone(device(DeviceType::d200, GetParam()));
  for (const char* file : {"lone_keys_lua.xml", "template_nested_function.xml", "latin1.xml"}) {
    ASSERT_EQ(phone.apply(file_content(file)).accepted, 1u) << file;
    EXPECT_EQ(schema.verdict(phone.xml()), "") << file;
  }
}

TEST_P(ReleaseSchemas, TakeOperations) {
  const SchemaFile schema = whole();
  EXPECT_EQ(schema.verdict(file_content("operations.xml")), "");
  EXPECT_NE(schema.verdict("<operations><delete/></operations>"), "");
  EXPECT_NE(schema.verdict("<operations><move path='/keys'/></operations>"), "");
}

TEST_P(ReleaseSchemas, SayInTheirFirstCommentThatTheyAreReconstructions) {
  for (const std::string_view section : known_sections()) {
    const std::string name = fmt::format("{}/{}.xsd", to_string(GetParam()), section);
    if (!has_embedded_file(name)) continue;
    const std::string_view text = embedded_file(name);
    EXPECT_NE(text.substr(0, text.find("-->")).find("A reconstruction"), text.npos) << name;
  }
}

/// Every setting of the factory defaults is in the model and the other way round; both agree on
/// what each is.
void expect_agreement(pugi::xml_node preset, const ElementModel& model) {
  const std::string path = path_of(preset);
  if (!model.is_list()) {
    EXPECT_EQ(model.kind, has_element_children(preset) ? Kind::record : Kind::value) << path;
  }
  if (model.kind == Kind::record) {
    for (const ElementModel& child : model.children) {
      // Extension modules are the D200's.
      EXPECT_TRUE(child_named(preset, child.name)) << path << "/" << child.name;
    }
  }
  if (model.kind == Kind::marked_list || model.kind == Kind::plain_list) return;
  for (auto child = first_element(preset); child; child = next_element(child)) {
    const ElementModel* known = model.child(child.name());
    ASSERT_NE(known, nullptr) << path_of(child);
    expect_agreement(child, *known);
  }
}

TEST_P(ReleaseSchemas, KnowTheSettingsOfTheFactoryDefaultsAndNoOthers) {
  for (const auto& section : factory_defaults(DeviceType::d200, GetParam()).sections()) {
    const ElementModel* model = ReleaseSchema::of(GetParam()).model(section->name());
    ASSERT_NE(model, nullptr) << section->name();
    expect_agreement(section->element(), *model);
  }
}

/// The lists of a section and what tells their elements apart, as paths.
void collect_lists(const ElementModel& model, const std::string& path,
                   std::vector<std::string>& lists) {
  if (model.kind == Kind::marked_list) {
    lists.push_back(fmt::format("{}/{}@{}", path, model.element(), model.marking));
  } else if (model.is_list()) {
    lists.push_back(fmt::format("{}/{}[{}]", path, model.element(),
                                model.kind == Kind::positional_list ? "position" : ""));
  }
  for (const ElementModel& child : model.children) {
    collect_lists(child, fmt::format("{}/{}", path, child.name), lists);
  }
}

TEST(ModelOfARelease, KnowsTheListsAndWhatTellsTheirElementsApart) {
  std::vector<std::string> lists;
  for (const std::string_view section : known_sections()) {
    const ElementModel* model = ReleaseSchema::of(Release::r2_2A).model(section);
    collect_lists(*model, std::string(section), lists);
  }
  EXPECT_THAT(
      lists,
      ElementsAre("provisioning/sip/allowlist/allowlistEntry[]", "identities/identity[position]",
                  "users/user@name", "keys/phoneXtensions/key@keyNumber",
                  "keys/phoneXtensions/key/parameters/parameter@name",
                  "keys/extensionModule1/key@keyNumber",
                  "keys/extensionModule1/key/parameters/parameter@name",
                  "keys/extensionModule2/key@keyNumber",
                  "keys/extensionModule2/key/parameters/parameter@name",
                  "keys/extensionModule3/key@keyNumber",
                  "keys/extensionModule3/key/parameters/parameter@name", "templates/template@name",
                  "templates/template/parameters/parameter@name", "luaLibraries/luaLibrary@name"));
}

/// Records allow any order and leave-outs; so may a patch give a single setting.
TEST_P(ReleaseSchemas, AcceptSectionsThatGiveNothing) {
  for (const std::string_view section : known_sections()) {
    if (ReleaseSchema::of(GetParam()).model(section) == nullptr) continue;
    EXPECT_EQ(complaint(fmt::format("<{}/>", section), GetParam()), "");
  }
}

TEST(SectionSchema, IsOneObjectForTheWholeProcess) {
  const auto* schema = ReleaseSchema::of(Release::r2_2A).section("time");
  EXPECT_EQ(ReleaseSchema::of(Release::r2_2A).section("time"), schema);
  EXPECT_EQ(ReleaseSchema::of(Release::r1_10A).section("luaLibraries"), nullptr);
  EXPECT_EQ(ReleaseSchema::of(Release::r2_2A).section("nonsense"), nullptr);
}

TEST(SectionSchema, ServesSeveralThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::array<int, 4> bad{};
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&bad, t] {
      for (int i = 0; i < 200; ++i) {
        const std::string number = std::to_string(i + 1);
        if (!complaint("<keys><phoneXtensions><key keyNumber='" + number +
                       "'/></phoneXtensions></keys>")
                 .empty() ||
            complaint("<time><timeFormat>" + number + "</timeFormat></time>").empty()) {
          ++bad[static_cast<std::size_t>(t)];
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(bad, ElementsAre(0, 0, 0, 0));
}

/// Counts what libxml2 holds while it lives.
class HeldByLibxml2 {
 public:
  HeldByLibxml2() {
    xmlMemGet(&free_, &malloc_, &realloc_, &strdup_);
    held = 0;
    xmlMemSetup(
        [](void* memory) {
          held -= memory != nullptr ? 1 : 0;
          std::free(memory);
        },
        [](std::size_t size) {
          ++held;
          return std::malloc(size);
        },
        [](void* memory, std::size_t size) {
          held += memory == nullptr ? 1 : 0;
          return std::realloc(memory, size);
        },
        [](const char* text) {
          ++held;
          return strdup(text);
        });
  }
  ~HeldByLibxml2() { xmlMemSetup(free_, malloc_, realloc_, strdup_); }
  HeldByLibxml2(const HeldByLibxml2&) = delete;
  HeldByLibxml2& operator=(const HeldByLibxml2&) = delete;

  static inline int held = 0;

 private:
  xmlFreeFunc free_ = nullptr;
  xmlMallocFunc malloc_ = nullptr;
  xmlReallocFunc realloc_ = nullptr;
  xmlStrdupFunc strdup_ = nullptr;
};

// Found with LeakSanitizer: elements that were begun have to be ended, or libxml2 keeps its notes.
TEST(SectionSchema, LeavesNothingBehindWhereverItStops) {
  for (const std::string xml :
       {"<templates><key/></templates>", "<templates><template/></templates>",
        "<templates><template name='a'/><template name='a'/></templates>",
        "<keys><phoneXtensions><key keyNumber='1'/><nonsense/></phoneXtensions></keys>",
        "<keys><phoneXtensions><key keyNumber='1'><parameters><parameter/></parameters></key>"
        "</phoneXtensions></keys>",
        "<time><timeFormat>24</timeFormat></time>"}) {
    ASSERT_NE(complaint(xml), "");  // what is made once is made
    const HeldByLibxml2 counting;
    complaint(xml);
    EXPECT_EQ(HeldByLibxml2::held, 0) << xml;
  }
}

// Messages: `section/path: what is wrong, what is allowed`.

struct Complaint {
  const char* xml;
  const char* says;
};
void PrintTo(const Complaint& complaint, std::ostream* out) {
  *out << complaint.xml;
}

class SchemaComplaints : public testing::TestWithParam<Complaint> {};

TEST_P(SchemaComplaints, SayWhereWhatIsWrongAndWhatIsAllowed) {
  EXPECT_EQ(complaint(GetParam().xml), GetParam().says);
}

INSTANTIATE_TEST_SUITE_P(
    Values, SchemaComplaints,
    testing::Values(
        Complaint{"<time><timeFormat>24</timeFormat></time>",
                  "time/timeFormat: '24' is not allowed; write one of 24h, 12h"},
        Complaint{"<telephony><callWaiting><tone>yes</tone></callWaiting></telephony>",
                  "telephony/callWaiting/tone: 'yes' is not allowed; write true or false"},
        Complaint{"<userInterface><display><brightness>8</brightness></display></userInterface>",
                  "userInterface/display/brightness: '8' is not allowed; write a whole number "
                  "from 0 to 7"},
        Complaint{"<provisioning><execution><time>24:00</time></execution></provisioning>",
                  "provisioning/execution/time: '24:00' is not allowed; write a time of day as "
                  "HH:MM, or nothing for a random minute from 0:00 to 5:55"},
        Complaint{"<network><ipv4><address>1.2.3</address></ipv4></network>",
                  "network/ipv4/address: '1.2.3' is not allowed; write an IPv4 address such as "
                  "192.0.2.1, or nothing"},
        Complaint{"<network><vlan><id/></vlan></network>",
                  "network/vlan/id: '' is not allowed; write a whole number from 1 to 4094"},
        Complaint{"<users><user name='a:b'/></users>",
                  "users/user: name=\"a:b\" is not allowed; write a name without a colon"},
        Complaint{"<users><user name='a'><role>root</role></user></users>",
                  "users/user/role: 'root' is not allowed; write one of user, admin"},
        Complaint{"<time version='new'/>",
                  "time: version=\"new\" is not allowed; write three numbers with dots between "
                  "them, such as 1.34.0"},
        Complaint{"<keys><phoneXtensions><key keyNumber='x'/></phoneXtensions></keys>",
                  "keys/phoneXtensions/key: keyNumber=\"x\" is not allowed; write a whole number, "
                  "1 or more"},
        Complaint{
            "<network><hostName>01234567890123456789012345678901234567890123456789012345678"
            "ä rest</hostName>"
            "</network>",
            "network/hostName: '01234567890123456789012345678901234567890123456789012345678…' "
            "is not allowed; "
            "write up to 63 letters, digits and hyphens, or nothing"}));

INSTANTIATE_TEST_SUITE_P(
    Structure, SchemaComplaints,
    testing::Values(
        Complaint{"<time><clock/></time>",
                  "time/clock: this release knows no such setting; time has ntpServer, timezone, "
                  "timeFormat, dateFormat"},
        Complaint{"<time><ntpServer/><timezone/><ntpServer/></time>",
                  "time/ntpServer: the setting is there twice"},
        Complaint{"<time><ntpServer><host/></ntpServer></time>",
                  "time/ntpServer: element 'host' inside a setting that holds text only"},
        Complaint{"<time>text</time>", "time: text 'text' where only elements are allowed"},
        Complaint{"<time><ntpServer a='1'/></time>",
                  "time/ntpServer: attribute 'a' is not allowed here"},
        Complaint{"<time a='1'/>", "time: attribute 'a' is not allowed here"},
        Complaint{"<templates><key/></templates>",
                  "templates/key: only template elements are allowed here"},
        Complaint{"<templates><template/></templates>",
                  "templates/template: attribute name is missing"},
        Complaint{"<templates><template name='a'/><template name='a'/></templates>",
                  "templates/template: name 'a' is there twice"},
        Complaint{"<keys><extensionModule2><key keyNumber='1'/><key keyNumber='01'/>"
                  "</extensionModule2></keys>",
                  "keys/extensionModule2/key: keyNumber '01' is there twice"},
        Complaint{"<identities><identity/><identity/><identity/><identity/><identity/><identity/>"
                  "<identity/></identities>",
                  "identities/identity: there are too many identity elements"},
        Complaint{"<keys><phoneXtensions><key keyNumber='1'><keyConfiguration a='b'>x<any><thing/>"
                  "</any></keyConfiguration><parameters><parameter name='p'><path/></parameter>"
                  "</parameters></key></phoneXtensions></keys>",
                  ""}));

TEST(VerdictMemory, AnswersForTheSameTextOfTheSameJudgeOnly) {
  VerdictMemory memory;
  const int a = 0;
  const int b = 0;
  memory.keep(&a, "<time/>", true);
  EXPECT_EQ(memory.find(&a, "<time/>"), true);
  EXPECT_EQ(memory.find(&a, "<keys/>"), std::nullopt);
  EXPECT_EQ(memory.find(&b, "<time/>"), std::nullopt);
  EXPECT_EQ(memory.find(&a, "<time />"), std::nullopt);
  // It may take the other's place, which hangs on addresses, but not its verdict.
  memory.keep(&a, "<keys/>", false);
  EXPECT_EQ(memory.find(&a, "<keys/>"), false);
  EXPECT_NE(memory.find(&a, "<time/>"), false);
}

TEST(VerdictMemory, HoldsABoundedNumberOfTextsOfBoundedLength) {
  VerdictMemory memory;
  const int judge = 0;
  const std::string long_text(VerdictMemory::kLongest + 1, 'x');
  memory.keep(&judge, long_text, true);
  EXPECT_EQ(memory.find(&judge, long_text), std::nullopt);
  for (int i = 0; i < 10'000; ++i) memory.keep(&judge, std::to_string(i), true);
  std::size_t kept = 0;
  for (int i = 0; i < 10'000; ++i) kept += memory.find(&judge, std::to_string(i)) ? 1 : 0;
  EXPECT_GT(kept, VerdictMemory::kPlaces / 4);
  EXPECT_LE(kept, VerdictMemory::kPlaces);
}

TEST(SettingsVersion, ComparesByNumber) {
  const auto version = [](std::string_view text) { return SettingsVersion::parse(text).value(); };
  EXPECT_LT(version("1.8.9"), version("1.20.0"));
  EXPECT_LT(version("1.20.0"), version("1.34.0"));
  EXPECT_LT(version("1.34.0"), version("2"));
  EXPECT_LT(SettingsVersion(), version("0.0.1"));
  EXPECT_EQ(version("1.20"), version("1.20.0"));
  EXPECT_EQ(version("01.8.9").to_string(), "1.8.9");
  EXPECT_EQ(version_of(Release::r2_0C).to_string(), "1.20.0");
  for (const char* bad : {"", "1.", ".1", "1.2.3.4", "a", "1.-2", "1.99999999999", "1 .2"}) {
    EXPECT_FALSE(SettingsVersion::parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace provlab::settings
