#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/text/parse.hpp"
#include "tests/component/phone_lab.hpp"

/// Triggers of whole phones (SPEC 2.1–2.4).
namespace provlab::test {
namespace {

using testing::ElementsAre;

class ServiceTest : public testing::Test {
 protected:
  ServiceTest() {
    lab.dhcp.settings.option_66 = "http://prov.server.com";
    lab.dhcp.settings.option_67 = "a.xml";
    lab.file("/a.xml", kPatch);
  }
  void no_boot_trigger() { lab.options.run_at_boot = false; }
  void every_day_at(std::string_view time) {
    lab.options.settings.emplace_back("provisioning/execution/time", time);
  }
  void clock(std::string_view time) { lab.ntp.settings.clock = parse_wall_time(time).value(); }
  /// The triggers of the runs, in order.
  std::vector<std::string> runs() {
    std::vector<std::string> triggers;
    for (const auto& record : lab.events("run_started")) {
      triggers.push_back(record.field("trigger").value_or(""));
    }
    return triggers;
  }
  std::vector<Duration> starts() {
    std::vector<Duration> times;
    for (const auto& record : lab.events("run_started")) {
      times.push_back(record.at().time_since_epoch());
    }
    return times;
  }
  PhoneLab lab;
};

TEST_F(ServiceTest, BootTriggersWhereConfigured) {
  lab.boot();
  lab.run_until(1min);
  EXPECT_THAT(runs(), ElementsAre("boot"));
}

TEST_F(ServiceTest, BootTriggersNothingWhereNotConfigured) {
  no_boot_trigger();
  lab.boot();
  lab.run_until(1min);
  EXPECT_THAT(runs(), ElementsAre());
}

TEST_F(ServiceTest, TriggerDuringARunStartsWhenItEnds) {
  lab.http.resources[0].after = 5s;
  lab.boot();
  lab.run_until(2s);
  lab.phone->press_start_provisioning();
  EXPECT_EQ(lab.field("trigger_remembered", "trigger"), "manual");
  ASSERT_TRUE(lab.run_until_ended(2));
  EXPECT_THAT(runs(), ElementsAre("boot", "manual"));
  EXPECT_EQ(lab.events("run_ended")[0].at(), lab.events("run_started")[1].at());
}

TEST_F(ServiceTest, RemembersOneTriggerAndTheNewestWins) {
  every_day_at("10:00");
  clock("2026-03-01T08:59:50Z");  // 9:59:50 in Berlin
  lab.http.resources[0].after = 30s;
  lab.boot();
  lab.run_until(5s);
  lab.phone->press_start_provisioning();
  lab.run_until(20s);  // the time trigger comes at 10 s
  EXPECT_EQ(lab.field("trigger_remembered", "replaces", 1), "manual");
  ASSERT_TRUE(lab.run_until_ended(2));
  lab.run_until(10min);
  EXPECT_THAT(runs(), ElementsAre("boot", "at-time"));
}

TEST_F(ServiceTest, TriggersOfOneInstantMakeOneRunAndOneRemembered) {
  no_boot_trigger();
  lab.boot();
  lab.run_until(10s);
  lab.phone->press_start_provisioning();
  lab.phone->press_start_provisioning();
  lab.phone->press_start_provisioning();
  lab.run_until(5min);
  EXPECT_THAT(runs(), ElementsAre("manual", "manual"));
}

TEST_F(ServiceTest, RunsAtItsTimeAcrossTheChangeOfClocks) {
  no_boot_trigger();
  every_day_at("02:30");
  clock("2026-03-28T00:00:00Z");
  lab.boot();
  lab.run_until(72h);
  ASSERT_THAT(runs(), ElementsAre("at-time", "at-time", "at-time"));
  const auto times = starts();
  EXPECT_NEAR(std::chrono::duration<double>(times[1] - times[0] - (23h + 30min)).count(), 0, 1);
  EXPECT_NEAR(std::chrono::duration<double>(times[2] - times[1] - (23h + 30min)).count(), 0, 1);
}

TEST_F(ServiceTest, TimeTriggerWithProvisioningSwitchedOffIsInactive) {
  no_boot_trigger();
  every_day_at("09:30");
  lab.options.settings.emplace_back("provisioning/active", "false");
  lab.boot();
  lab.run_until(2h);
  EXPECT_THAT(runs(), ElementsAre("at-time"));
  EXPECT_EQ(lab.result(), "inactive");
}

TEST_F(ServiceTest, ProvisionedScheduleTakesEffect) {
  lab.file("/b.xml", patch_brightness(2));
  lab.http.resources[0].body =
      "<configuration><provisioning><execution><sundays>true</sundays><time>9:30</time>"
      "</execution></provisioning></configuration>";
  lab.boot();
  lab.run_until(2h);
  EXPECT_THAT(runs(), ElementsAre("boot", "at-time"));
  EXPECT_EQ(lab.result(1), "unchanged");
}

TEST_F(ServiceTest, DrawnMinuteSurvivesPowerLoss) {
  no_boot_trigger();
  every_day_at("");
  clock("2026-03-01T12:00:00Z");
  lab.boot();
  lab.run_until(10s);
  const std::string planned = lab.field("schedule_planned", "local");
  ASSERT_NE(planned, "");
  lab.phone->reboot();
  lab.run_until(20s);
  EXPECT_EQ(lab.field("schedule_planned", "local", 1), planned);
  EXPECT_EQ(lab.count("schedule_minute_drawn"), 1);
}

TEST_F(ServiceTest, ManyRunsLeaveNothingOpen) {
  no_boot_trigger();
  lab.boot();
  lab.run_until(10s);
  const std::size_t sockets = lab.device.open_sockets();
  for (unsigned run = 1; run <= 20; ++run) {
    lab.phone->press_start_provisioning();
    ASSERT_TRUE(lab.run_until_ended(run));
    EXPECT_TRUE(lab.phone->resources_released());
  }
  lab.run_until(lab.world.now().time_since_epoch() + 2min);
  EXPECT_EQ(lab.device.open_sockets(), sockets);
}

}  // namespace
}  // namespace provlab::test
