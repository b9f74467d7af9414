#include "sim/lab/suite/notes.hpp"

#include <gmock/gmock.h>

#include "sim/lab/report/json_reader.hpp"
#include "sim/lab/report/reports.hpp"
#include "sim/lab/suite/merge.hpp"
#include "tests/unit/lab/suite_fixture.hpp"

namespace provlab::lab {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Suites of one file, whose notes are read by line.
class Notes : public ::testing::Test {
 protected:
  SuiteReport run(const std::string& text, const RunnerOptions& options = {}) {
    std::ofstream(folder_ / "s.xml") << text;
    return run_suite({folder_ / "s.xml"}, options);
  }
  /// Without the folder: `s.xml:12: ...`.
  std::vector<std::string> notes_in(const std::string& text, const RunnerOptions& options = {}) {
    return told(run(text, options));
  }
  static std::vector<std::string> told(const SuiteReport& suite) {
    std::vector<std::string> lines;
    for (const Complaint& note : suite.notes) {
      lines.push_back("s.xml:" + std::to_string(note.line) + ": " + note.text);
    }
    for (const RunReport& run : suite.runs) {
      if (run.verdict.outcome != Outcome::passed) lines.push_back("not passed: " + run.title());
    }
    for (const Complaint& each : suite.complaints) lines.push_back(each.to_string());
    return lines;
  }
  /// A scenario of the standard world that downloads one document.
  static std::string scenario(const std::string& responders, const std::string& timeline = {},
                              const std::string& expect = {}, const std::string& device = {},
                              const std::string& world = {}) {
    return "<scenario name=\"s\">\n<about>S.</about>\n<device>" + device + "</device>\n<world>" +
           world +
           "</world>\n<responders>\n<dhcp>"
           "<option code=\"66\" text=\"http://prov.server.com/a.xml\"/></dhcp>\n" +
           responders +
           "<http><file path=\"/a.xml\"><time><timezone>UTC0</timezone></time></file></http>\n"
           "</responders>\n<timeline><boot at=\"0s\"/>\n" +
           timeline + "</timeline>\n<expect>\n" + expect +
           "<result run=\"1\" is=\"provisioned\"/></expect>\n</scenario>\n";
  }

  test::TemporaryFolder folder_;
};

TEST_F(Notes, AreNotMadeWhereEverythingIsUsedInSomeVariant) {
  EXPECT_THAT(notes_in(kScenario), IsEmpty()) << "a file each is used by two orders of the race";
}

TEST_F(Notes, AreNotMadeOfWhatAVariantLeftOutCouldUse) {
  RunnerOptions options;
  options.variants = {"without-r"};
  EXPECT_THAT(notes_in(kScenario, options), IsEmpty());
  const std::string dead = changed(kScenario, "<file path=\"/b.xml\">",
                                   "<file path=\"/c.xml\"><time/></file><file path=\"/b.xml\">");
  EXPECT_THAT(notes_in(dead, options), IsEmpty());
  EXPECT_THAT(notes_in(dead), ElementsAre("s.xml:19: <file path=\"/c.xml\">: nobody got it"));
}

TEST_F(Notes, AreNotMadeOfWhatFailed) {
  const std::string dead = changed(kScenario, "<file path=\"/b.xml\">",
                                   "<file path=\"/c.xml\"><time/></file><file path=\"/b.xml\">");
  EXPECT_THAT(run(changed(dead, "is=\"first-answer\"", "is=\"redirect\"")).notes, IsEmpty());
}

TEST_F(Notes, NameRulesThatAreNeverUsed) {
  const std::string never = "<dns><on request=\"A other.server.com\"><nothing/></on></dns>\n";
  EXPECT_THAT(
      notes_in(scenario(never)),
      ElementsAre("s.xml:7: <on request=\"A other.server.com\">: this rule was never used"));
  const std::string late = "<ntp><on request=\"time\" nth=\"9\"><nothing/></on></ntp>\n";
  EXPECT_THAT(notes_in(scenario(late)), ElementsAre(HasSubstr("nth=\"9\">: this rule was never")));
  const std::string used = "<ntp><on request=\"time\" nth=\"1\"><nothing/></on></ntp>\n";
  EXPECT_THAT(notes_in(scenario(used)), IsEmpty());
}

TEST_F(Notes, AreSilencedByUsedMaybe) {
  const std::string never =
      "<dns><on request=\"A other.server.com\" used=\"maybe\"><nothing/></on></dns>\n";
  EXPECT_THAT(notes_in(scenario(never)), IsEmpty());
}

TEST_F(Notes, NameOptionsThatNobodyAsksFor) {
  const std::string text =
      changed(scenario(""), "<option code=\"66\"",
              "<option code=\"120\" hex=\"01:c0:00:02:01\"/><option code=\"66\"");
  EXPECT_THAT(notes_in(text), ElementsAre(HasSubstr("s.xml:6: <option code=\"120\" "
                                                    "hex=\"01:c0:00:02:01\">: this option was "
                                                    "never sent")));
  EXPECT_THAT(notes_in(changed(text, "<dhcp>", "<dhcp only-requested=\"false\">")), IsEmpty());
}

TEST_F(Notes, NameASecondOptionOfACode) {
  const std::string text = changed(scenario(""), "text=\"http://prov.server.com/a.xml\"/>",
                                   "text=\"http://prov.server\"/><option code=\"66\" "
                                   "text=\".com/a.xml\"/>");
  EXPECT_THAT(notes_in(text), ElementsAre(HasSubstr("there is an option 66 already")));
  EXPECT_THAT(notes_in(changed(text, "text=\".com", "continues=\"true\" text=\".com")), IsEmpty());
}

TEST_F(Notes, NameLossesAndNamesThatNobodyMet) {
  EXPECT_THAT(notes_in(scenario("<dns><name is=\"x.y\" address=\"192.0.2.9\"/></dns>\n", "", "", "",
                                "<lose from=\"prov\" port=\"99\"/>")),
              ElementsAre(HasSubstr("s.xml:4: <lose from=\"prov\" port=\"99\">: no packet"),
                          HasSubstr("s.xml:7: <name is=\"x.y\" address=\"192.0.2.9\">: nobody")));
}

TEST_F(Notes, NameActionsThatChangeNothingOrNeverCome) {
  const std::string text =
      changed(scenario("",
                       "<power-on at=\"1s\"/>\n<plug at=\"2s\"/>\n<start at=\"2s\" "
                       "host=\"prov\"/>\n<unplug at=\"9h\"/>\n<restore at=\"2s\"/>\n",
                       "<never><event name=\"upload_ended\"><with field=\"result\" "
                       "is=\"restored\"/></event></never>"),
              "<timeline>", "<timeline until=\"30s\">");
  EXPECT_THAT(
      notes_in(text),
      ElementsAre("s.xml:10: <power-on at=\"1s\">: the phone was on already",
                  "s.xml:11: <plug at=\"2s\">: the cable was in already",
                  "s.xml:12: <start at=\"2s\" host=\"prov\">: they were running already",
                  "s.xml:13: <unplug at=\"9h\">: its moment never came",
                  "s.xml:14: <restore at=\"2s\">: there was no backup, or the phone was off"));
}

TEST_F(Notes, NameKnobsThatMakeNoDifference) {
  const std::string idle = "<knobs multicast-timeout=\"4s\" on-boot=\"active\"/>";
  EXPECT_THAT(notes_in(scenario("", "", "", idle)),
              ElementsAre("s.xml:3: <knobs multicast-timeout=\"4s\">: it makes no difference to "
                          "anything that happens",
                          HasSubstr("<knobs on-boot=\"active\">")));
  const std::string used =
      "<knobs sequence=\"redirect+multicast, dhcp\" multicast-timeout=\"4s\"/>";
  EXPECT_THAT(notes_in(scenario("", "", "", used)), IsEmpty());
}

TEST_F(Notes, NameNeversThatCannotHappen) {
  const auto never = [](const std::string& with) {
    return scenario("", "", "<never><event name=\"source_failed\">" + with + "</event></never>\n");
  };
  EXPECT_THAT(notes_in(never("<with field=\"source\" is=\"multicst\"/>")),
              ElementsAre(HasSubstr("source is never 'multicst' (did you mean 'multicast'?)")));
  EXPECT_THAT(notes_in(never("<with field=\"source\" is=\"multicast\"/>")), IsEmpty());
  EXPECT_THAT(notes_in(never("<with field=\"source\" contains=\"cast\"/>")), IsEmpty());
  EXPECT_THAT(notes_in(scenario("", "",
                                "<never><event name=\"answer_sent\"><with field=\"answer\" "
                                "is=\"ack\"/></event></never>\n")),
              ElementsAre(HasSubstr("no answer is called 'ack'")));
}

TEST_F(Notes, AreErrorsIfTheRunIsStrict) {
  const std::string dead = scenario("", "<power-on at=\"1s\"/>\n");
  EXPECT_EQ(run(dead).exit_code(), 0);
  RunnerOptions options;
  options.strict = true;
  const SuiteReport strict = run(dead, options);
  EXPECT_EQ(strict.exit_code(), 3);
  EXPECT_THAT(text_report(strict, {}), HasSubstr("s.xml:10: error: <power-on"));
  EXPECT_THAT(text_report(strict, {}), HasSubstr("1 passed, 1 note ("));
  EXPECT_THAT(junit_report(strict), HasSubstr("errors=\"1\""));
  EXPECT_THAT(junit_report(run(dead)), HasSubstr("the phone was on already"));
  EXPECT_THAT(junit_report(run(dead)), HasSubstr("errors=\"0\""));
}

TEST_F(Notes, OfShardsAreThoseOfTheWholeSuite) {
  const std::string dead = changed(kScenario, "<file path=\"/b.xml\">",
                                   "<file path=\"/c.xml\"><time/></file><file path=\"/b.xml\">");
  const SuiteReport whole = run(dead);
  ASSERT_THAT(whole.notes, SizeIs(1));
  std::vector<ShardReport> shards;
  for (unsigned index = 1; index <= 3; ++index) {
    RunnerOptions options;
    options.shard = {index, 3};
    const SuiteReport shard = run(dead, options);
    EXPECT_THAT(shard.notes, IsEmpty()) << "what the other variants use is not known here";
    const auto read = read_json_report(json_report(shard, Details::none), "shard");
    ASSERT_TRUE(read) << read.error().to_string();
    shards.push_back({"shard", *read});
  }
  const auto merged = merge(std::move(shards));
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->notes, whole.notes);
  EXPECT_THAT(json_report(*merged, Details::none), Not(HasSubstr("\"idle\"")));
}

TEST_F(Notes, TellOfTwoScenariosOfOneNameInAFolder) {
  std::ofstream(folder_ / "a.xml") << kScenario;
  std::ofstream(folder_ / "b.xml") << kScenario;
  const SuiteReport suite = run_suite(*find_scenarios({folder_.path()}), {});
  ASSERT_THAT(suite.complaints, SizeIs(1));
  EXPECT_THAT(suite.complaints.front().to_string(),
              HasSubstr("b.xml:1: there is a scenario 'sample' in "));
  EXPECT_EQ(suite.exit_code(), 3);
  const std::string once = folder_ / "a.xml";
  EXPECT_THAT(run_suite({once, once}, {}).complaints, IsEmpty());
}

TEST_F(Notes, NameWhatIsExpectedToComeNoTimes) {
  const auto event = [](const std::string& value) {
    return scenario("", "",
                    "<event name=\"source_failed\" count=\"0\"><with field=\"source\" is=\"" +
                        value + "\"/></event>\n");
  };
  EXPECT_THAT(notes_in(event("multicst")), ElementsAre(HasSubstr("source is never 'multicst'")));
  EXPECT_THAT(notes_in(event("multicast")), IsEmpty());
  EXPECT_THAT(notes_in(scenario("", "", "<request to=\"prov\" path=\"/b.xml\" count=\"0\"/>\n")),
              ElementsAre(HasSubstr("nothing in this scenario leads to /b.xml")));
}

TEST_F(Notes, NameTimesThatNeverCome) {
  const auto never = [](const std::string& when) {
    return scenario("", "", "<never><event name=\"lease_lost\" " + when + "/></never>\n");
  };
  EXPECT_THAT(notes_in(never("within=\"2s\" of=\"powered_on#2\"")),
              ElementsAre(HasSubstr("the time within 2s of powered_on#2 never came")));
  EXPECT_THAT(notes_in(never("within=\"5min..6min\"")), ElementsAre(HasSubstr("never came")));
  EXPECT_THAT(notes_in(never("within=\"2s\" of=\"powered_on\"")), IsEmpty());
  EXPECT_THAT(notes_in(never("within=\"2s\"")), IsEmpty());
  EXPECT_THAT(
      notes_in(changed(never("within=\"9min..10min\""), "<never>", "<never used=\"maybe\">")),
      IsEmpty());
}

TEST_F(Notes, NamePathsThatNothingLeadsTo) {
  const auto never = [](const std::string& path) {
    return scenario("", "", "<never><request to=\"prov\" path=\"" + path + "\"/></never>\n");
  };
  EXPECT_THAT(notes_in(never("/b.xml")),
              ElementsAre(HasSubstr("nothing in this scenario leads to /b.xml (did you mean "
                                    "'/a.xml'?)")));
  const std::string url =
      "<set path=\"/provisioning/url\" value=\"http://prov.server.com/b.xml\"/>";
  EXPECT_THAT(
      notes_in(changed(never("/b.xml"), "<device></device>", "<device>" + url + "</device>")),
      IsEmpty());
  EXPECT_THAT(notes_in(never("/00095200000E.xml")), IsEmpty()) << "the phone's own address";
}

TEST_F(Notes, NameQueriesWhereNothingAsksOne) {
  const auto never = [](const std::string& device) {
    return scenario("", "", "<never><request to=\"prov\" path=\"/a.xml?mac=1\"/></never>\n",
                    device);
  };
  EXPECT_THAT(notes_in(never("")),
              ElementsAre(HasSubstr("nothing in this scenario leads to /a.xml?mac=1")));
  EXPECT_THAT(notes_in(never("<set path=\"/provisioning/url\" "
                             "value=\"http://prov.server.com/a.xml?mac=1\"/>")),
              IsEmpty());
}

TEST_F(Notes, LookForPathsInOctetsToo) {
  const auto never = [](const std::string& hex) {
    return scenario("<http host=\"pbx\"><on request=\"GET /\" used=\"maybe\"><raw hex=\"" + hex +
                        "\"/></on></http>\n",
                    "", "<never><request to=\"prov\" path=\"/b.xml\"/></never>\n");
  };
  EXPECT_THAT(notes_in(never("2f:62 2e 78 6d:6C")), IsEmpty());
  EXPECT_THAT(notes_in(never("2f:61 2e 78 6d:6C")),
              ElementsAre(HasSubstr("nothing in this scenario leads to /b.xml")));
}

TEST_F(Notes, NameEventsOfThePhoneThatAreExpectedOfAnotherHost) {
  const auto never = [](const std::string& event, const std::string& host) {
    return scenario("", "",
                    "<never><event name=\"" + event + "\" host=\"" + host + "\"/></never>\n");
  };
  EXPECT_THAT(notes_in(never("lease_lost", "router")),
              ElementsAre(HasSubstr("lease_lost is an event of the phone, never of router")));
  EXPECT_THAT(notes_in(never("lease_lost", "device")), IsEmpty());
  EXPECT_THAT(notes_in(never("answer_withheld", "router")), IsEmpty());
}

TEST_F(Notes, NameSettingsThatThePhoneHasAnyway) {
  const auto set = [](const std::string& value, const std::string& more = {},
                      const std::string& release = {}) {
    const std::string text = scenario(
        "", "", "",
        "<set path=\"/telephony/callWaiting/active\" value=\"" + value + "\"" + more + "/>");
    return release.empty() ? text
                           : changed(text, "<device>", "<device release=\"" + release + "\">");
  };
  EXPECT_THAT(notes_in(set("false")),
              ElementsAre(AllOf(HasSubstr("s.xml:3: <set path="),
                                HasSubstr("the phone has this value from the factory"))));
  EXPECT_THAT(notes_in(set("true")), IsEmpty());
  EXPECT_THAT(notes_in(set("false", " used=\"maybe\"")), IsEmpty());
  EXPECT_THAT(notes_in(set("false", "", "1.10A 2.2A")), SizeIs(1));
}

/// Ten things that are dead or misspelt, each told with its line.
TEST_F(Notes, OfTenDeadThingsAreTen) {
  const SuiteReport suite = run_suite({std::string(PROVLAB_TEST_DATA) + "/lab/dead.xml"}, {});
  std::vector<int> lines;
  for (const Complaint& note : suite.notes) lines.push_back(note.line);
  EXPECT_THAT(lines, ElementsAre(5, 7, 10, 12, 14, 16, 19, 25, 26, 29));
}

}  // namespace
}  // namespace provlab::lab
