#include "sim/lab/verdict/verdict.hpp"

#include <gmock/gmock.h>

#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using namespace std::chrono_literals;

/// The one finding of a run that expects one thing.
Finding finding(std::string_view expectation) {
  const Verdict verdict = run(expecting(expectation));
  EXPECT_THAT(verdict.findings, SizeIs(1)) << verdict.reason;
  return verdict.findings.front();
}

/// An expectation, and what is said where it does not hold; empty: it holds.
struct Case {
  const char* name;
  const char* expectation;
  const char* actual;
};

class Expectations : public ::testing::TestWithParam<Case> {};

TEST_P(Expectations, HoldOrSayWhatHappenedInstead) {
  const Finding found = finding(GetParam().expectation);
  EXPECT_EQ(found.held, std::string_view(GetParam().actual).empty()) << found.actual;
  EXPECT_THAT(found.actual, HasSubstr(GetParam().actual));
  EXPECT_EQ(found.line, 27);
  EXPECT_FALSE(found.expected.empty());
  EXPECT_EQ(found.slice.empty(), found.held);
}

INSTANTIATE_TEST_SUITE_P(
    Of, Expectations,
    ::testing::Values(
        Case{"Result", R"(<result is="provisioned"/>)", ""},
        Case{"ResultOfRun", R"(<result is="provisioned" run="1" within="5s"/>)", ""},
        Case{"ResultSays", R"(<result is="provisioned" says="1 file"/>)", ""},
        Case{"OtherResult", R"(<result is="no-url"/>)", "it ended provisioned: "},
        Case{"ResultSaysOther", R"(<result is="provisioned" says="moon"/>)",
             "it ended provisioned"},
        Case{"ResultTooLate", R"(<result is="provisioned" within="10ms"/>)", "it ended at "},
        Case{"ResultOfRunTwo", R"(<result is="provisioned" run="2"/>)", "there was 1 run only"},
        Case{"Winner", R"(<winner is="redirect" url="http://prov.server.com/a.xml"/>)", ""},
        Case{"OtherWinner", R"(<winner is="dhcp"/>)", "redirect won with http"},
        Case{"WinnerNone", R"(<winner is="none"/>)", "redirect won with http"},
        Case{"WinnerOtherUrl", R"(<winner is="redirect" url="http://prov.server.com/b.xml"/>)",
             "redirect won with http://prov.server.com/a.xml"},
        Case{"Request", R"(<request to="prov" path="/a.xml"/>)", ""},
        Case{"RequestOnce", R"(<request path="/a.xml" count="1"/>)", ""},
        Case{"RequestByText", R"(<request to="router" kind="dhcp" is="discover" at="1ms"/>)", ""},
        Case{"RequestByWildcard", R"(<request kind="dns" is="A *" count="2"/>)", ""},
        Case{"RequestAfterEvent", R"(<request path="/a.xml" within="1s" of="winner_chosen"/>)", ""},
        Case{"RequestTooOften", R"(<request path="/a.xml" count="2"/>)",
             "it came once: GET /a.xml at prov"},
        Case{"RequestNever", R"(<request path="/b.xml"/>)", "it never came"},
        Case{"RequestTooEarly", R"(<request path="/a.xml" within="5s..9s"/>)",
             "it came at another time: GET /a.xml at prov"},
        Case{"Requests", R"(<requests><request to="prov" path="/a.xml"/></requests>)", ""},
        Case{"RequestsOfAKind",
             R"(<requests kind="dhcp"><request is="discover"/><request is="request"/></requests>)",
             ""},
        Case{"RequestsWrongOrder",
             R"(<requests kind="dhcp"><request is="request"/><request is="discover"/></requests>)",
             "there came discover at router (1ms), request at router (3ms)"},
        Case{
            "RequestsAnyOrder",
            R"(<requests kind="dhcp" in-order="false"><request is="request"/><request is="discover"/></requests>)",
            ""},
        Case{"RequestsOthers", R"(<requests kind="dhcp"><request is="discover"/></requests>)",
             "there came discover"},
        Case{"RequestsOthersAllowed",
             R"(<requests kind="dhcp" others="allowed"><request is="request"/></requests>)", ""},
        Case{"RequestsMissing",
             R"(<requests><request path="/a.xml"/><request path="/b.xml"/></requests>)",
             "there came GET /a.xml"},
        Case{"Never", R"(<never><request path="/b.xml"/></never>)", ""},
        Case{"NeverEvent", R"(<never><event name="run_ended"/></never>)", "it happened: "},
        Case{"NeverRequest", R"(<never><request path="/b.xml"/><request path="/a.xml"/></never>)",
             "there came GET /a.xml"},
        Case{"Event", R"(<event name="winner_chosen"><with field="source" is="redirect"/></event>)",
             ""},
        Case{"EventSpeltWithDashes", R"(<event name="winner-chosen" host="device"/>)", ""},
        Case{"EventContains",
             R"(<event name="run_ended"><with field="sentence" contains="Prov"/></event>)", ""},
        Case{"EventCount", R"(<event name="dhcp_sent" count="2"/>)", ""},
        Case{"EventCountWrong", R"(<event name="dhcp_sent" count="3.."/>)", "it happened 2 times"},
        Case{"EventOtherField",
             R"(<event name="winner_chosen"><with field="source" is="dhcp"/></event>)",
             "there was only: device ** uses http://prov.server.com/a.xml"},
        Case{"EventNever", R"(<event name="lease_lost"/>)", "it never happened"},
        Case{"EventCountZero", R"(<event name="lease_lost" count="0"/>)", ""},
        Case{"Setting", R"(<setting path="/telephony/callWaiting/active" equals="true"/>)", ""},
        Case{"SettingContains", R"(<setting path="/time/timezone" contains="CET"/>)", ""},
        Case{"SettingAbsent", R"(<setting path="/provisioning/sip/whitelist" absent="true"/>)", ""},
        Case{"SettingCount", R"(<setting path="/identities/identity" count="6"/>)", ""},
        Case{"SettingOther", R"(<setting path="/telephony/callWaiting/tone" equals="false"/>)",
             "it is 'true'"},
        Case{"SettingNotThere", R"(<setting path="/provisioning/sip/whitelist" equals="1"/>)",
             "there is no such setting"},
        Case{"SettingAmbiguous", R"(<setting path="/telephony/callWaiting/*" equals="true"/>)",
             "selects 2 settings"},
        Case{"SettingThere", R"(<setting path="/telephony/callWaiting" absent="true"/>)",
             "it is there once, with"}),
    [](const ::testing::TestParamInfo<Case>& each) { return each.param.name; });

TEST(Verdict, ListsEveryExpectationWithItsReason) {
  const Verdict verdict = run(expecting(R"(<result is="no-url" why="nobody answers"/>
    <winner is="redirect"/>
    <request path="/c.xml"/>)"));
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  ASSERT_THAT(verdict.findings, SizeIs(3));
  EXPECT_EQ(verdict.failed(), 2U);
  EXPECT_EQ(verdict.findings[0].why, "nobody answers");
  EXPECT_EQ(verdict.findings[0].text, R"(<result is="no-url"/>)");
  EXPECT_TRUE(verdict.findings[1].held);
  EXPECT_EQ(verdict.findings[2].line, 29);
}

TEST(Verdict, ShowsTheTimeLineAroundAFailure) {
  const Finding found = finding(R"(<result is="no-url"/>)");
  EXPECT_THAT(found.slice, Contains(HasSubstr(">")));
  EXPECT_THAT(found.slice, Contains(HasSubstr("== run 1 ends provisioned")));
  EXPECT_LE(found.slice.size(), 10U);
}

TEST(Verdict, AsksWhichRunWhereThereWereSeveral) {
  const std::string twice =
      changed(expecting(R"(<result is="unchanged"/>)"), "<boot at=\"0s\"/>",
              R"(<boot at="0s"/><press at="provisioned+5s" button="start-provisioning"/>)");
  const Verdict verdict = run(twice);
  EXPECT_THAT(verdict.findings.front().actual,
              HasSubstr("there were 2 runs; say which is meant by run=\"...\""));
}

TEST(Verdict, JudgesEachRunByItself) {
  const std::string twice =
      changed(expecting(R"(<result run="1" is="provisioned"/><result run="2" is="unchanged"/>
      <result run="2" is="unchanged" within="5s..6s" of="provisioned"/>)"),
              "<boot at=\"0s\"/>",
              R"(<boot at="0s"/><press at="provisioned+5s" button="start-provisioning"/>)");
  EXPECT_EQ(run(twice).outcome, Outcome::passed);
}

TEST(Verdict, FailsWhereTheTimelineWaitsForAnEventThatNeverComes) {
  const Verdict verdict = run(changed(without_race(), "<boot at=\"0s\"/>",
                                      R"(<boot at="0s"/><power-off at="no-url+5s"/>)"));
  EXPECT_EQ(verdict.outcome, Outcome::failed);
  EXPECT_THAT(verdict.findings.front().expected, HasSubstr("the event no-url happens"));
}

/// With times that may be off by so much.
std::size_t failed_with(std::string_view expectation, Duration slack) {
  const auto plan = plan_of(expecting(expectation));
  Play play(plan, plan->variants.front(), plan->seed);
  play.run();
  return judge(*plan, plan->variants.front(), play.trace(), {.slack = slack}).failed();
}

TEST(Slack, WidensWhatIsWanted) {
  // It comes at 31 ms.
  for (const char* wanted :
       {R"(<request path="/a.xml" within="0s..20ms"/>)",
        R"(<request path="/a.xml" within="200ms..300ms"/>)",
        R"(<request path="/a.xml" at="20ms"/>)", R"(<result is="provisioned" within="20ms"/>)"}) {
    EXPECT_EQ(failed_with(wanted, 0ms), 1U) << wanted;
    EXPECT_EQ(failed_with(wanted, 1us), 1U) << wanted;
    EXPECT_EQ(failed_with(wanted, 190ms), 0U) << wanted;
  }
}

TEST(Slack, NarrowsWhatIsNotWanted) {
  for (const char* unwanted : {R"(<never><request path="/a.xml" within="10ms..60ms"/></never>)",
                               R"(<request path="/a.xml" count="0" within="10ms..60ms"/>)"}) {
    EXPECT_EQ(failed_with(unwanted, 0ms), 1U) << unwanted;
    EXPECT_EQ(failed_with(unwanted, 1ms), 1U) << unwanted;
    EXPECT_EQ(failed_with(unwanted, 40ms), 0U) << unwanted;
  }
  EXPECT_EQ(failed_with(R"(<never><request path="/a.xml"/></never>)", 10s), 1U) << "at any time";
}

TEST(Verdict, LeavesOutOnAWireWhatSaysThatItCannotHoldThere) {
  const auto plan = plan_of(expecting(R"(<result is="no-url" not-on-wire="because"/>)"));
  Play play(plan, plan->variants.front(), plan->seed);
  play.run();
  const auto verdict = [&](bool on_wire) {
    return judge(*plan, plan->variants.front(), play.trace(), {.on_wire = on_wire});
  };
  EXPECT_EQ(verdict(false).outcome, Outcome::failed);
  EXPECT_EQ(verdict(true).outcome, Outcome::passed);
  EXPECT_EQ(verdict(true).findings.front().not_judged, "not judged on a wire: because");
  EXPECT_EQ(verdict(true).findings.front().text, R"(<result is="no-url"/>)");
}

TEST(Slack, IsForTimesInFieldsToo) {
  const char* clock =
      R"(<event name="clock_set"><with field="time" is="2026-03-01T08:00:00Z"/></event>)";
  EXPECT_EQ(failed_with(clock, 0ms), 1U);
  EXPECT_EQ(failed_with(clock, 100ms), 0U);
  const char* server = R"(<event name="clock_set"><with field="server" is="192.0.2.2"/></event>)";
  EXPECT_EQ(failed_with(server, 10s), 1U) << "that is no time";
}

TEST(Verdict, TellsBrokenInvariantsBehindWhatWasExpected) {
  const auto plan = plan_of(expecting("<result is=\"no-url\"/>"));
  Play play(plan, plan->variants.front(), plan->seed);
  play.run();
  const BrokenInvariant broken{kFirstUsableUrl, "it asked elsewhere", 3};
  const Verdict verdict = judge(*plan, plan->variants.front(), play.trace(), {}, {broken});
  ASSERT_THAT(verdict.findings, SizeIs(2));
  EXPECT_EQ(verdict.findings[0].text, "<result is=\"no-url\"/>");
  EXPECT_EQ(verdict.findings[1].text, "invariant I4");
  EXPECT_THAT(verdict.findings[1].why, HasSubstr("'provlab list --rules I4' explains it"));
}

TEST(Verdict, SaysThatTheSourceWasCancelledThatNeverAsked) {
  const std::string text =
      changed(kScenario, R"(<race><answer ref="r"/><answer ref="m"/></race>)", "");
  const auto actual = [&](std::string_view request) {
    const Verdict verdict =
        run(changed(text, "<winner is=\"first-answer\"/>", std::string(request)));
    for (const Finding& each : verdict.findings) {
      if (!each.held) return each.actual;
    }
    return std::string("it held");
  };
  const std::string cancelled =
      "it never came; the source redirect was cancelled at 8ms, as multicast had won";
  EXPECT_EQ(actual(R"(<request to="cloud"/>)"), cancelled);
  EXPECT_EQ(actual(R"(<request kind="redirect"/>)"), cancelled);
  EXPECT_EQ(actual(R"(<request is="assignment"/>)"), cancelled);
  EXPECT_EQ(actual(R"(<request to="prov" path="/c.xml"/>)"), "it never came");
  EXPECT_EQ(actual(R"(<request to="pbx" is="subscribe"/>)"), "it held");
}

TEST(Race, GivesEachOrderEachTieAndEachMissingAnswerAName) {
  std::vector<std::string> names;
  const auto plan = plan_of(kScenario);
  for (const Variant& variant : plan->variants) names.push_back(variant.name);
  EXPECT_THAT(names, ::testing::ElementsAre("r-then-m", "m-then-r", "r-ties-m", "m-ties-r",
                                            "without-r", "without-m"));
}

TEST(Race, ForcesTheOrderOfArrival) {
  const std::string redirect_wins =
      changed(kScenario, "<winner is=\"first-answer\"/>", R"(<winner is="redirect"/>)");
  EXPECT_EQ(run(redirect_wins, "r-then-m").outcome, Outcome::passed);
  EXPECT_EQ(run(redirect_wins, "m-then-r").outcome, Outcome::failed);
  EXPECT_EQ(run(redirect_wins, "r-ties-m").outcome, Outcome::passed);
  EXPECT_EQ(run(redirect_wins, "m-ties-r").outcome, Outcome::failed);
  EXPECT_EQ(run(redirect_wins, "without-m").outcome, Outcome::passed);
  EXPECT_EQ(run(redirect_wins, "without-r").outcome, Outcome::failed);
}

TEST(Race, KnowsWhoseAnswerCameFirst) {
  for (const char* variant :
       {"r-then-m", "m-then-r", "r-ties-m", "m-ties-r", "without-r", "without-m"}) {
    EXPECT_EQ(run(kScenario, variant).outcome, Outcome::passed) << variant;
  }
}

TEST(Race, KnowsTheLosersDocument) {
  const std::string text = changed(kScenario, "<winner is=\"first-answer\"/>",
                                   R"(<request path="winner" count="1"/>
      <never><request path="loser"/></never>)");
  for (const char* variant :
       {"r-then-m", "m-then-r", "r-ties-m", "m-ties-r", "without-r", "without-m"}) {
    EXPECT_EQ(run(text, variant).outcome, Outcome::passed) << variant;
  }
}

TEST(Race, IsInvalidWhereAnAnswerIsNeverAskedFor) {
  // The DHCP URL ends the search before anybody else is asked.
  const std::string text = changed(
      kScenario, "<dhcp host=\"router\"/>",
      R"(<dhcp host="router"><option code="66" text="http://prov.server.com/a.xml"/></dhcp>)");
  const Verdict verdict = run(text, "r-then-m");
  EXPECT_EQ(verdict.outcome, Outcome::invalid);
  EXPECT_THAT(verdict.reason, HasSubstr("missing 'r' (never asked for: dhcp has won at "));
  EXPECT_THAT(verdict.reason, HasSubstr(", before its turn), 'm' (never asked for: "));
  EXPECT_EQ(verdict.line, 22);
}

TEST(Race, IsInvalidWhereAnAnswerIsLost) {
  const std::string text =
      changed(kScenario, "  </world>", R"(<lose from="pbx" to="device" protocol="udp"/></world>)");
  const Verdict verdict = run(text, "r-then-m");
  EXPECT_EQ(verdict.outcome, Outcome::invalid);
  EXPECT_THAT(verdict.reason, HasSubstr("'m' (due, but it did not arrive)"));
}

TEST(Race, SaysThatItsGapIsTooLong) {
  // The phone has long been done with the redirect service when its answer may leave.
  const std::string text = changed(kScenario, "<race>", "<race gap=\"1200ms\">");
  const Verdict verdict = run(text, "m-then-r");
  EXPECT_EQ(verdict.outcome, Outcome::invalid);
  EXPECT_THAT(verdict.reason, HasSubstr("'r' (due, but "));
  EXPECT_THAT(verdict.reason,
              HasSubstr("; with gap=\"1.2s\" it leaves when the phone may have done "
                        "with it: the gap must be shorter than its way"));
}

TEST(Race, LimitsExpectationsToVariants) {
  const std::string text = changed(kScenario, "<winner is=\"first-answer\"/>",
                                   R"(<winner is="redirect" variant="r-then-* without-m"/>)");
  EXPECT_THAT(run(text, "m-then-r").findings, SizeIs(1));
  EXPECT_THAT(run(text, "r-then-m").findings, SizeIs(2));
}

TEST(Glob, MatchesAnyCharactersForAStar) {
  EXPECT_TRUE(glob_matches("without-*", "without-x"));
  EXPECT_TRUE(glob_matches("*-then-*", "a-then-b"));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_FALSE(glob_matches("without-*", "with-x"));
  EXPECT_FALSE(glob_matches("a", "ab"));
}

}  // namespace
}  // namespace provlab::lab
