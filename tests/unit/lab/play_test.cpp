#include "sim/lab/play/play.hpp"

#include <gmock/gmock.h>

#include "sim/record/trace.hpp"
#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

/// Runs the sample without race with another timeline and gives back the trace as text.
std::string trace_of(const std::string& text, std::uint64_t seed = 1) {
  const auto plan = plan_of(text);
  Play play(plan, plan->variants.front(), seed);
  play.run();
  return std::string(play.trace().json_lines());
}

std::string with_timeline(std::string_view timeline) {
  return changed(without_race(), "<boot at=\"0s\"/>", timeline);
}

/// The instant of the nth event of a name.
std::optional<Duration> when(const std::string& text, std::string_view event, unsigned nth = 1) {
  const auto plan = plan_of(text);
  Play play(plan, plan->variants.front(), 1);
  play.run();
  for (const TraceRecord record : play.trace()) {
    if (record.is(event) && --nth == 0) return record.at().time_since_epoch();
  }
  return std::nullopt;
}

TEST(Play, GivesTheSameTraceForTheSameSeed) {
  EXPECT_EQ(trace_of(kScenario, 5), trace_of(kScenario, 5));
  EXPECT_NE(trace_of(kScenario, 5), trace_of(kScenario, 6));
}

TEST(Play, PerformsTheTimelineAtItsTimes) {
  const std::string text =
      with_timeline(R"(<boot at="2s"/><power-off at="20s"/><power-on at="30s"/>)");
  EXPECT_EQ(when(text, "powered_on"), std::chrono::seconds(2));
  EXPECT_EQ(when(text, "powered_off"), std::chrono::seconds(20));
  EXPECT_EQ(when(text, "powered_on", 2), std::chrono::seconds(30));
}

TEST(Play, HangsTimesOnEventsExactly) {
  const std::string text = with_timeline(R"(<boot at="0s"/><power-off at="winner_chosen+7ms"/>)");
  EXPECT_EQ(when(text, "powered_off"), *when(text, "winner_chosen") + std::chrono::milliseconds(7));
}

TEST(Play, HangsTimesOnTheNthEvent) {
  const std::string text = with_timeline(R"(<boot at="0s"/><power-off at="dhcp_sent#2+0ms"/>)");
  EXPECT_EQ(when(text, "powered_off"), when(text, "dhcp_sent", 2));
}

TEST(Play, HangsTimesOnResults) {
  const std::string text =
      with_timeline(R"(<boot at="0s"/><press at="provisioned+30s" button="start-provisioning"/>)");
  EXPECT_EQ(when(text, "menu_used"), *when(text, "run_ended") + std::chrono::seconds(30));
  EXPECT_TRUE(when(text, "run_ended", 2));
}

TEST(Play, EndsASecondAfterThePhoneHasFinished) {
  EXPECT_EQ(when(without_race(), "scenario_ended"),
            *when(without_race(), "run_ended") + std::chrono::seconds(1));
}

TEST(Play, GoesOnUntilItIsToldTo) {
  const std::string fixed = changed(without_race(), "<timeline>", "<timeline until=\"40s\">");
  EXPECT_EQ(when(fixed, "scenario_ended"), std::chrono::seconds(40));
  const std::string hanging =
      changed(without_race(), "<timeline>", "<timeline until=\"clock_set+10s\">");
  EXPECT_EQ(when(hanging, "scenario_ended"),
            *when(hanging, "clock_set") + std::chrono::seconds(10));
}

TEST(Play, GivesUpWaitingForEventsThatNeverCome) {
  const std::string text = with_timeline(R"(<boot at="0s"/><power-off at="lease_lost+1s"/>)");
  const auto end = when(text, "scenario_ended");
  ASSERT_TRUE(end);
  EXPECT_LT(*end, std::chrono::hours(2));
}

TEST(Play, PullsCables) {
  const std::string text = with_timeline(R"(<unplug at="0s"/><boot at="0s"/><plug at="6s"/>)");
  EXPECT_GT(*when(text, "lease_bound"), std::chrono::seconds(6));
}

TEST(Play, LosesPacketsOnPurpose) {
  const std::string text =
      changed(without_race(), "  </world>",
              R"(<lose from="device" to="router" port="67" nth="1"/></world>)");
  // The second DISCOVER comes after 4 s give or take one.
  EXPECT_GT(*when(text, "lease_bound"), std::chrono::seconds(3));
  EXPECT_LT(*when(text, "lease_bound"), std::chrono::seconds(6));
}

TEST(Play, EntersSettingsByHand) {
  const std::string text = with_timeline(
      R"(<boot at="0s"/><enter-url at="5s" url="http://prov.server.com/b.xml"/>
      <set at="5s" path="/provisioning/dhcp" value="false"/>
      <press at="6s" button="start-provisioning"/>)");
  const std::string trace = trace_of(text);
  EXPECT_THAT(trace, ::testing::HasSubstr(
                         "\"url\":\"http://prov.server.com/b.xml\",\"source\":\"manual\""));
}

}  // namespace
}  // namespace provlab::lab
