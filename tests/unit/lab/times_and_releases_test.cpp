// Times of rules and losses, times of day, settings in mid-run, and releases as variants.
#include <gmock/gmock.h>

#include "netfakes/responder_kinds.hpp"
#include "tests/unit/lab/slip.hpp"

namespace provlab::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using namespace std::chrono_literals;

class TimesComplaint : public ::testing::TestWithParam<Slip> {};

TEST_P(TimesComplaint, SaysWhatToWrite) {
  EXPECT_THAT(complaints(GetParam().in(kScenario)), ElementsAre(GetParam().complaint));
}

INSTANTIATE_TEST_SUITE_P(
    Of, TimesComplaint,
    ::testing::Values(
        Slip{"RuleForNoTime", "<ntp host=\"router\"/>",
             "<ntp host=\"router\"><on since=\"9s\" until=\"9s\"><nothing/></on></ntp>",
             "s.xml:14: until=\"9s\" is not later than since=\"9s\"; what holds for no time is "
             "never used"},
        Slip{"LossForNoTime", "</world>", "<lose since=\"09:00\" until=\"5s\"/></world>",
             "s.xml:10: until=\"5s\" is not later than since=\"09:00\"; what holds for no time "
             "is never used"},
        Slip{"RuleWithinTheTimeOfAnother", "<ntp host=\"router\"/>",
             "<ntp host=\"router\"><on since=\"5s\"><nothing/></on>"
             "<on since=\"6s\" until=\"7s\"><answer after=\"1s\"/></on></ntp>",
             "s.xml:14: this rule is never used: the rule in line 14 comes first and answers "
             "all its requests; move it up, or narrow the other"},
        Slip{"TimeThatHangsOnAnEvent", "</world>", "<lose since=\"provisioned\"/></world>",
             "s.xml:10: since=\"provisioned\" in <lose>: write a time since the start with its "
             "unit, for example 90s, or a time of day in UTC by the scenario's clock, for "
             "example 02:30, or 02:30+24h for the next day's"},
        Slip{"HourThatIsNone", "<boot at=\"0s\"/>", "<boot at=\"24:00\"/>",
             "s.xml:24: at=\"24:00\" in <boot>: write a time since the start with its unit, "
             "for example 2s, or an event and a time after it, for example provisioned+30s, or "
             "a time of day in UTC by the scenario's clock, for example 02:30 or 02:30+24h"},
        Slip{"LatencyInPlaceOfNothing", "latency=\"10ms\"",
             "latency=\"10ms\" latency-to=\"1ms\" latency-from=\"2ms\"",
             "s.xml:9: latency-to and latency-from stand in place of latency; remove it"},
        Slip{"NoSuchResult", "<result is=\"provisioned\"/>",
             "<never><result is=\"provisoned\"/></never>",
             "s.xml:27: is: there is no result 'provisoned' (did you mean 'provisioned'?); "
             "write inactive, no-network, no-valid-time, no-url, download-failed, rejected, "
             "partial, provisioned or unchanged, or several with spaces between them"},
        Slip{"ReleaseTwice", "release=\"2.2A\"", "release=\"2.2A 2.0C 2.2A\"",
             "s.xml:3: release=\"2.2A 2.0C 2.2A\": 2.2A stands there twice; each is a variant "
             "once"},
        Slip{"ReleaseThatIsNone", "release=\"2.2A\"", "release=\"2.2A 2.3\"",
             "s.xml:3: release=\"2.2A 2.3\" in <device>: write 1.10A, 2.0C or 2.2A, or several "
             "with spaces between them, of which each is a variant of the scenario"},
        Slip{"ReleaseOfTheOnlyOne", "<result is=\"provisioned\"/>",
             "<result is=\"provisioned\" release=\"2.2A\"/>",
             "s.xml:27: the device has one release; write several in <device "
             "release=\"...\">, or remove this one"}),
    kSlipName);

TEST(Releases, AnExpectationIsAboutOneOfTheDevice) {
  const std::string text = changed(without_race(), "release=\"2.2A\"", "release=\"1.10A 2.2A\"");
  EXPECT_THAT(
      complaints(changed(text, "is=\"provisioned\"", "is=\"provisioned\" release=\"2.0C\"")),
      ElementsAre("s.xml:27: release=\"2.0C\": the device has 1.10A or 2.2A"));
  EXPECT_THAT(
      complaints(changed(text, "is=\"provisioned\"", "is=\"provisioned\" variant=\"2.0C\"")),
      ElementsAre(HasSubstr("no variant of the scenario is called '2.0C'")));
}

TEST(Rules, AfterEachOtherAreBothUsed) {
  EXPECT_THAT(complaints(changed(kScenario, "<ntp host=\"router\"/>",
                                 "<ntp host=\"router\"><on until=\"5s\"><nothing/></on>"
                                 "<on since=\"5s\"><answer after=\"1s\"/></on></ntp>")),
              ElementsAre());
}

/// When an action at such a moment is due, by a clock that starts at 8:00:00.
Duration due(const std::string& at) {
  const auto plan = plan_of(
      changed(kScenario, "<boot at=\"0s\"/>", "<boot at=\"0s\"/><power-off at=\"" + at + "\"/>"));
  return plan->timeline.back().at.offset;
}

TEST(TimeOfDay, IsTheNextFromTheStartOn) {
  EXPECT_EQ(due("08:00"), 0s);
  EXPECT_EQ(due("08:00:01"), 1s);
  EXPECT_EQ(due("09:30"), 90min);
  EXPECT_EQ(due("07:59:59"), 24h - 1s);
  EXPECT_EQ(due("02:30"), 18h + 30min);
  EXPECT_EQ(due("02:30+24h"), 42h + 30min);
}

TEST(TimeOfDay, GoesByTheFirstTimeServer) {
  const auto plan = plan_of(
      changed(changed(kScenario, "<ntp host=\"router\"/>",
                      "<ntp host=\"router\" clock=\"2026-03-01T23:00:00Z\"/>"),
              "<dns host=\"router\"/>",
              "<dns host=\"router\"><on since=\"23:10\" until=\"01:00\"><nothing/></on></dns>"));
  const auto& rules = config_of<netfakes::DnsConfig>(*plan).rules;
  EXPECT_EQ(rules[0].since, Instant{} + 10min);
  EXPECT_EQ(rules[0].until, Instant{} + 2h);
}

/// The sample without race, expecting these of it, with a second run a minute after the start.
Verdict judged(std::string_view expectations) {
  return run(changed(expecting(expectations), "<boot at=\"0s\"/>",
                     R"(<boot at="0s"/><press at="1min" button="start-provisioning"/>)"));
}

std::string actual(std::string_view expectation) {
  return judged(expectation).findings.back().actual;
}

TEST(NeverResult, IsOfEveryRun) {
  EXPECT_EQ(actual(R"(<never><result is="rejected partial"/></never>)"), "");
  EXPECT_THAT(actual(R"(<never><result is="provisioned"/></never>)"), HasSubstr("it happened: "));
  EXPECT_THAT(actual(R"(<never><result is="rejected unchanged"/></never>)"),
              HasSubstr("it happened: "));
  EXPECT_EQ(actual(R"(<never><result is="provisioned" within="1min..2min"/></never>)"), "");
  EXPECT_EQ(actual(R"(<never><result is="provisioned" says="moon"/></never>)"), "");
}

TEST(SettingInMidRun, IsWhatItIsThen) {
  EXPECT_EQ(actual(R"(<setting path="/telephony/callWaiting/active" equals="false" at="1ms"/>)"),
            "");
  EXPECT_EQ(actual(R"(<setting path="/telephony/callWaiting/active" equals="true" at="1ms"/>)"),
            "it is 'false'");
  EXPECT_EQ(
      actual(R"(<setting path="/telephony/callWaiting/active" equals="true" at="provisioned"/>)"),
      "");
  EXPECT_EQ(
      actual(R"(<setting path="/telephony/callWaiting/active" equals="true" at="rejected+1s"/>)"),
      "rejected never happened, so it was not looked up");
}

TEST(SettingInMidRun, IsLookedUpHoweverLongThatTakes) {
  EXPECT_EQ(actual(R"(<setting path="/telephony/callWaiting/active" equals="true" at="09:30"/>)"),
            "");
}

TEST(Releases, AreVariants) {
  const auto plan = plan_of(changed(kScenario, "release=\"2.2A\"", "release=\"1.10A 2.2A\""));
  ASSERT_EQ(plan->variants.size(), 12u);
  EXPECT_EQ(plan->variants.front().name, "r-then-m-on-1.10A");
  EXPECT_EQ(plan->variants.back().name, "without-m-on-2.2A");
  EXPECT_TRUE(is_called(plan->variants.back(), "without-m"));
  EXPECT_TRUE(is_called(plan->variants.back(), "*-on-2.2A"));
  EXPECT_FALSE(is_called(plan->variants.back(), "2.2A"));
}

TEST(Releases, ArePlayedAndExpectedEachForItself) {
  const std::string text =
      changed(changed(without_race(), "release=\"2.2A\"", "release=\"1.10A 2.2A\""),
              "<result is=\"provisioned\"/>",
              R"(<event name="powered_on" release="2.2A"><with field="release" is="2.2A"/></event>
         <event name="powered_on" variant="1.10A"><with field="release" is="1.10A"/></event>)");
  for (const char* variant : {"1.10A", "2.2A"}) {
    const Verdict verdict = run(text, variant);
    EXPECT_EQ(verdict.outcome, Outcome::passed) << variant;
    EXPECT_EQ(verdict.findings.size(), 1u) << variant;
  }
}

}  // namespace
}  // namespace provlab::lab
