#include "sim/lab/editing/offers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "sim/lab/editing/diagnostics.hpp"
#include "sim/lab/editing/explanations.hpp"
#include "sim/lab/markup/scenario_schema.hpp"
#include "tests/file_content.hpp"
#include "tests/temporary_folder.hpp"

namespace provlab::lab {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;

/// A scenario whose text has `|` where the cursor is.
struct At {
  explicit At(const std::string& text, const std::string& file = "s.xml")
      : offset(text.find('|')), scenario(std::string(text).erase(offset, 1), file) {}
  std::vector<std::string> labels() const {
    std::vector<std::string> labels;
    for (const Offer& each : offers_at(scenario, offset).list) labels.push_back(each.label);
    return labels;
  }
  Offer offer(const std::string& label) const {
    for (const Offer& each : offers_at(scenario, offset).list) {
      if (each.label == label) return each;
    }
    ADD_FAILURE() << "no offer " << label;
    return {};
  }
  /// The text once the offer is taken.
  std::string taken(const std::string& label) const {
    std::string text = scenario.text();
    const auto typed = offers_at(scenario, offset).typed;
    return text.replace(typed.begin, typed.end - typed.begin, offer(label).text);
  }
  std::string hover() const {
    const auto found = explanation_at(scenario, offset);
    return found ? found->text : "(nothing)";
  }
  std::size_t offset;
  OpenScenario scenario;
};

const std::string kBegun = "<scenario name=\"x\"><about>A.</about>";

TEST(Offers, PartsOfAScenarioInTheirOrder) {
  EXPECT_THAT(At(kBegun + "|").labels(), ElementsAre("device", "world", "responders", "race",
                                                     "timeline", "expect", "</scenario>"));
  EXPECT_THAT(At(kBegun + "<race><answer ref=\"a\"/></race><|").labels(),
              ElementsAre("timeline", "expect", "/scenario>"));
  EXPECT_THAT(
      At("<scenario name=\"x\">\n|\n<expect><result is=\"no-url\"/></expect></scenario>").labels(),
      Contains("about"));
  EXPECT_THAT(At("|").labels(), ElementsAre("scenario"));
  EXPECT_THAT(At("<sc|").labels(), ElementsAre("scenario"));
  EXPECT_THAT(At("<configuration><|").labels(), IsEmpty());
}

TEST(Offers, AnElementIsWrittenWithWhatItNeeds) {
  const At at(kBegun + "<expect>wi|</expect></scenario>");
  EXPECT_EQ(at.taken("winner"), kBegun + "<expect><winner is=\"\"/></expect></scenario>");
  EXPECT_EQ(at.offer("winner").snippet,
            "<winner is=\"${1|dhcp,redirect,multicast,configured,first-answer,none|}\"/>$0");
  EXPECT_EQ(At(kBegun + "<|").offer("world").snippet, "world>$0</world>");
  EXPECT_EQ(At(kBegun + "<expect><wi| is=\"dhcp\"/></expect>").taken("winner"),
            kBegun + "<expect><winner is=\"dhcp\"/></expect>");
}

TEST(Offers, AttributesThatAreNotThereYet) {
  const At at(kBegun + "<expect><winner is=\"dhcp\" |/></expect>");
  EXPECT_THAT(at.labels(), AllOf(Contains("url"), Contains("why"), Not(Contains("is"))));
  EXPECT_EQ(at.taken("url"), kBegun + "<expect><winner is=\"dhcp\" url=\"\"/></expect>");
  EXPECT_EQ(At(kBegun + "<expect><winner i|=\"dhcp\"/></expect>").taken("is"),
            kBegun + "<expect><winner is=\"dhcp\"/></expect>");
}

TEST(Offers, ValuesWhileTheQuoteIsMissing) {
  const At at(kBegun + "<expect><winner is=\"|\n<result is=\"no-url\"/></expect>");
  EXPECT_THAT(at.labels(), Contains("first-answer"));
  EXPECT_EQ(at.taken("none"),
            kBegun + "<expect><winner is=\"none\n<result is=\"no-url\"/></expect>");
}

TEST(Offers, NamesThatTheFileHas) {
  const std::string world =
      "<world><host id=\"one\" address=\"192.0.2.1\"/><host id=\"two\" "
      "address=\"192.0.2.2\"/></world>";
  EXPECT_THAT(At(kBegun + world + "<responders><dhcp host=\"|\"/></responders>").labels(),
              ElementsAre("one", "two", "none"));
  EXPECT_THAT(At(kBegun + "<responders><dhcp host=\"|\"/></responders>").labels(),
              ElementsAre("router", "prov", "pbx", "cloud", "none"));
  const At extended(kBegun + "<world extends=\"standard\"><host id=\"clock\"/></world>" +
                    "<responders><redirect host=\"clo|ud\"/></responders>");
  EXPECT_THAT(extended.labels(), IsSupersetOf({"cloud", "clock"}));
  EXPECT_THAT(extended.hover(), HasSubstr("`cloud` of the standard world: 198.51.100.7"));
  const std::string responders =
      "<responders><redirect><assign id=\"r\" url=\"http://a/b\"/></redirect><multicast>"
      "<notify id=\"m\" url=\"http://a/c\"/></multicast></responders>";
  EXPECT_THAT(At(kBegun + responders + "<race><answer ref=\"|").labels(), ElementsAre("r", "m"));
}

TEST(Offers, WordsOfSeveralOneByOne) {
  const At at("<scenario name=\"x\"><about rules=\"2.8 2.1| 3.1\">A.</about>");
  EXPECT_THAT(at.labels(), IsSupersetOf({"2.10", "I4", "9.dhcp-nak"}));
  EXPECT_EQ(at.taken("2.10"), "<scenario name=\"x\"><about rules=\"2.8 2.10 3.1\">A.</about>");
}

TEST(Offers, EventsAndTheirFields) {
  EXPECT_THAT(At(kBegun + "<expect><event name=\"|").labels(), Contains("winner_chosen"));
  EXPECT_THAT(At(kBegun + "<expect><event name=\"winner_chosen\"><with field=\"|").labels(),
              Contains("url"));
  EXPECT_THAT(At(kBegun + "<expect><result is=\"|").labels(),
              IsSupersetOf({"provisioned", "no-url"}));
  EXPECT_THAT(At(kBegun + "<timeline><boot at=\"|").labels(), Contains("provisioned"));
}

TEST(Offers, RequestsByTheKindOfTheirServer) {
  EXPECT_THAT(At(kBegun + "<responders><dhcp><on request=\"|").labels(),
              AllOf(IsSupersetOf({"discover", "request init-reboot"}), Not(Contains("time"))));
  EXPECT_THAT(At(kBegun + "<responders><http><file path=\"/a.xml\"/><on request=\"|").labels(),
              ElementsAre("GET /a.xml"));
}

TEST(Offers, FilesBesideTheScenario) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "documents");
  std::ofstream(folder / "documents/a.xml") << "<time/>";
  const std::string text = kBegun + "<responders><http><file path=\"/\" src=\"";
  EXPECT_THAT(At(text + "|", folder / "s.xml").labels(), ElementsAre("documents/"));
  EXPECT_THAT(At(text + "documents/|", folder / "s.xml").labels(), ElementsAre("documents/a.xml"));
}

/// An attribute of one of these names that has another type would be neither offered nor watched.
TEST(Schema, SaysOfWhatNamesFilesThatItDoes) {
  std::set<const Grammar::ComplexType*> seen;
  std::size_t files = 0;
  const auto walk = [&](const auto& self, const Grammar::ComplexType& type) -> void {
    if (!seen.insert(&type).second) return;
    for (const Grammar::Attribute& each : type.attributes) {
      const bool file = each.name == "src" || each.name == "devices" || each.name == "config";
      EXPECT_EQ(each.type->name == "FileName", file) << type.name << "/" << each.name;
      EXPECT_EQ(each.type->name == "AnswerRef", each.name == "ref") << type.name;
      files += file ? 1 : 0;
    }
    for (const Grammar::Child& each : type.children) self(self, *each.type);
  };
  walk(walk, ScenarioSchema::shared().grammar().root());
  EXPECT_GE(files, 8U);
}

TEST(Offers, SettingsByTheirPaths) {
  const std::string expect = kBegun + "<expect><setting path=\"";
  EXPECT_THAT(At(expect + "|").labels(), IsSupersetOf({"/telephony", "/time", "/identities"}));
  EXPECT_THAT(At(expect + "/telephony/callWaiting/|").labels(),
              Contains("/telephony/callWaiting/active"));
  EXPECT_THAT(At(expect + "/identities/identity[1]/|").labels(),
              Contains("/identities/identity[1]/displayname"));
  EXPECT_THAT(At(expect + "/users/user[@name='a/|").labels(), IsEmpty());
  EXPECT_THAT(At(expect + "/nonsense/|").labels(), IsEmpty());
  EXPECT_THAT(At(expect + "/telephony/callWaiting/active\" equals=\"|").labels(),
              ElementsAre("true", "false"));
  EXPECT_THAT(At(expect + "/telephony/callWaiting/a|ctive\"/>").hover(),
              HasSubstr("true or false"));
}

TEST(Offers, SettingsInDocuments) {
  const std::string file = kBegun + "<responders><http><file path=\"/a\">";
  EXPECT_THAT(At(file + "<|").labels(), IsSupersetOf({"configuration", "telephony", "/file>"}));
  EXPECT_THAT(At(file + "<telephony><|").labels(), IsSupersetOf({"callWaiting", "/telephony>"}));
  EXPECT_THAT(At(file + "<configuration><telephony><callWaiting><|").labels(), Contains("active"));
  EXPECT_EQ(At(file + "<telephony><call|").offer("callWaiting").snippet,
            "callWaiting>$0</callWaiting>");
  EXPECT_THAT(At(file + "<nonsense><|").labels(), ElementsAre("/nonsense>"));
}

TEST(Offers, NothingInComments) {
  EXPECT_THAT(At(kBegun + "<!-- <| -->").labels(), IsEmpty());
}

TEST(Offers, EndTags) {
  EXPECT_EQ(At(kBegun + "<expect><result is=\"no-url\"/></|").taken("expect"),
            kBegun + "<expect><result is=\"no-url\"/></expect>");
}

TEST(Offers, HoldAtEveryPlaceOfATextAndOfItsBeginnings) {
  const std::string text =
      kBegun +
      "<world><host id=\"a\" address=\"192.0.2.1\"/></world><responders><http host='a'>"
      "<file path=\"/x\" src=\"y\"/></http></responders><expect><winner "
      "is=\"dhcp\"/></expect></scenario>";
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const OpenScenario whole(text, "s.xml");
    const OpenScenario begun(text.substr(0, i), "s.xml");
    for (const OpenScenario* each : {&whole, &begun}) {
      const Offers offers = offers_at(*each, i);
      ASSERT_LE(offers.typed.begin, i) << text.substr(0, i);
      ASSERT_GE(offers.typed.end, i) << text.substr(0, i);
      explanation_at(*each, i);
      destination_at(*each, i);
    }
  }
}

TEST(Explanations, OfElementsAttributesAndValues) {
  EXPECT_THAT(At(kBegun + "<expect><win|ner is=\"dhcp\"/>").hover(),
              HasSubstr("Which source's URL a run used."));
  EXPECT_THAT(At(kBegun + "<expect><winner i|s=\"dhcp\"/>").hover(),
              AllOf(HasSubstr("one of dhcp, redirect"), HasSubstr("(needed)")));
  EXPECT_THAT(At(kBegun + "<responders><dhcp host=\"rou|ter\"/>").hover(), HasSubstr("192.0.2.1"));
  EXPECT_EQ(At(kBegun + "<exp|ectation/>").hover(), "(nothing)");
}

TEST(Explanations, OfARuleAreItsText) {
  const At at("<scenario name=\"x\"><about rules=\"2.8 2.1|0\">A.</about>");
  EXPECT_THAT(at.hover(), HasSubstr("**2.10 "));
  const auto found = explanation_at(at.scenario, at.offset);
  EXPECT_EQ(at.scenario.loose().piece(found->about), "2.10");
}

TEST(Destinations, AreWhereANameIsGiven) {
  const At ref(kBegun +
               "<responders><redirect><assign id=\"r\" url=\"http://a/b\"/></redirect></responders>"
               "<race><answer ref=\"|r\"/></race>");
  const auto found = destination_at(ref.scenario, ref.offset);
  ASSERT_TRUE(found);
  EXPECT_EQ(ref.scenario.loose().piece(found->place), "r");
  EXPECT_LT(found->place.begin, ref.offset);
  const At host(
      kBegun +
      "<world><host id=\"h\" address=\"192.0.2.1\"/></world><responders><dhcp dns=\"h |h\"/>");
  const auto there = destination_at(host.scenario, host.offset);
  ASSERT_TRUE(there);
  EXPECT_EQ(host.scenario.text().substr(there->place.begin - 4, 5), "id=\"h");
  EXPECT_FALSE(destination_at(At(kBegun + "<responders><dhcp host=\"|router\"/>").scenario, 60));
}

TEST(Diagnostics, UnderlineWhatTheComplaintQuotes) {
  OpenScenario scenario(
      kBegun +
          "\n<world>\n  <link latency=\"1\"/>\n</world>\n<expect>\n  <winer is=\"dhcp\"/>\n"
          "  <result is=\"no-url\"/>\n</expect></scenario>\n",
      "s.xml");
  const TextPositions positions(scenario.text());
  std::vector<std::string> underlined;
  for (const Diagnostic& each : diagnostics_of(scenario, positions)) {
    underlined.emplace_back(scenario.loose().piece(each.range));
  }
  EXPECT_THAT(underlined, ElementsAre("latency=\"1\"", "<winer"));
}

TEST(Diagnostics, AreWhatValidateSays) {
  const std::string file = PROVLAB_TEST_DATA "/lab/slips.xml";
  OpenScenario scenario(test::content_of(file), file);
  const TextPositions positions(scenario.text());
  std::vector<std::string> ours;
  for (const Diagnostic& each : diagnostics_of(scenario, positions)) {
    ours.push_back(
        Complaint{file, static_cast<int>(positions.position(each.range.begin).line) + 1, each.text}
            .to_string());
  }
  std::vector<std::string> theirs;
  const PlanResult loaded = load_scenario(file);
  ASSERT_FALSE(loaded);
  for (const Complaint& each : loaded.error()) theirs.push_back(each.to_string());
  EXPECT_GE(ours.size(), 5U);
  EXPECT_EQ(ours, theirs);
}

TEST(Diagnostics, AboutAFileThatIsNamedStandWhereItIsNamed) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "devices.csv") << "00:09:52:00:00:0E,http://a/b\nnonsense\n";
  OpenScenario scenario(kBegun +
                            "<responders><redirect devices=\"devices.csv\"/></responders>"
                            "<expect><result is=\"no-url\"/></expect></scenario>",
                        folder / "s.xml");
  const TextPositions positions(scenario.text());
  const auto diagnostics = diagnostics_of(scenario, positions);
  ASSERT_FALSE(diagnostics.empty());
  EXPECT_EQ(scenario.loose().piece(diagnostics[0].range), "devices.csv");
  EXPECT_EQ(diagnostics[0].other_file, folder / "devices.csv");
  EXPECT_EQ(diagnostics[0].other.line, 1U);
}

}  // namespace
}  // namespace provlab::lab
