#include "core/service/scheduler.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/text/parse.hpp"
#include "sim/world/world.hpp"

namespace provlab::service {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using namespace std::chrono_literals;

/// A scheduler at work in a world of its own. Clocks start at a Sunday, 1 March 2026.
class SchedulerTest : public testing::Test {
 protected:
  SchedulerTest() {
    settings_.load();
    start_watching();
  }
  ~SchedulerTest() override {
    tasks_.cancel();
    world_.run_until(world_.now());
  }

  void set(std::string_view path, std::string_view value) {
    const auto done = settings_.set(path, value);
    ASSERT_TRUE(done) << done.error().text;
    scheduler_.reconsider();
  }
  void execution(std::string_view leaf, std::string_view value) {
    set("provisioning/execution/" + std::string(leaf), value);
  }
  void never() {
    for (const char* day :
         {"mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays", "sundays"}) {
      execution(day, "false");
    }
  }
  void every_day_at(std::string_view time) { execution("time", time); }
  void set_clock(std::string_view time) {
    clock_.set(parse_wall_time(time).value());
    scheduler_.reconsider();
  }
  void run_for(Duration duration) { world_.run_until(world_.now() + duration); }

  unsigned recorded(std::string_view event) {
    unsigned count = 0;
    for (const auto& record : world_.trace()) count += record.is(event) ? 1U : 0U;
    return count;
  }
  std::string last_field(std::string_view event, std::string_view key) {
    std::string value;
    for (const auto& record : world_.trace()) {
      if (record.is(event)) value = record.field(key).value_or("");
    }
    return value;
  }

  world::World world_;
  Host& host_{world_.add_host({.name = "phone", .configuration = {}, .mac = {}})};
  settings::DeviceSettings settings_{host_, DeviceIdentity()};
  net::DeviceClock clock_{host_};
  std::vector<std::string> fired_;
  Scheduler scheduler_{host_, settings_, clock_,
                       [this] { fired_.push_back(provlab::to_string(clock_.now())); }};

 private:
  void start_watching() { tasks_.spawn(scheduler_.run()); }
  TaskGroup tasks_{host_};
};

TEST_F(SchedulerTest, FiresAtItsLocalTime) {
  every_day_at("02:30");
  set_clock("2026-03-01T00:00:00Z");
  run_for(48h);
  EXPECT_THAT(fired_, ElementsAre("2026-03-01T01:30:00Z", "2026-03-02T01:30:00Z"));
}

TEST_F(SchedulerTest, FiresOnItsWeekdaysOnly) {
  never();
  execution("tuesdays", "true");
  execution("time", "12:00");
  set("time/timezone", "UTC0");
  set_clock("2026-03-01T00:00:00Z");
  run_for(24h * 10);
  EXPECT_THAT(fired_, ElementsAre("2026-03-03T12:00:00Z", "2026-03-10T12:00:00Z"));
}

TEST_F(SchedulerTest, WithoutWeekdaysNeverFires) {
  never();
  execution("time", "02:30");
  set_clock("2026-03-01T00:00:00Z");
  run_for(24h * 8);
  EXPECT_THAT(fired_, IsEmpty());
}

TEST_F(SchedulerTest, DoesNothingWithoutValidTime) {
  every_day_at("02:30");
  run_for(48h);
  EXPECT_THAT(fired_, IsEmpty());
  EXPECT_EQ(recorded("schedule_planned"), 0);
}

TEST_F(SchedulerTest, FollowsChangedSettings) {
  every_day_at("02:30");
  set_clock("2026-03-01T00:00:00Z");
  run_for(1h);
  execution("time", "06:00");
  run_for(23h);
  EXPECT_THAT(fired_, ElementsAre("2026-03-01T05:00:00Z"));
}

TEST_F(SchedulerTest, AnotherTimeOfTheSameDayIsAnotherExecution) {
  every_day_at("02:30");
  set_clock("2026-03-01T00:00:00Z");
  run_for(2h);
  execution("time", "04:00");
  run_for(22h);
  EXPECT_THAT(fired_, ElementsAre("2026-03-01T01:30:00Z", "2026-03-01T03:00:00Z"));
}

TEST_F(SchedulerTest, FollowsTheClockWhenItIsSet) {
  every_day_at("02:30");
  set_clock("2026-03-01T00:00:00Z");
  run_for(1h);
  set_clock("2026-03-01T00:00:00Z");  // one hour back: the same moment comes an hour later
  run_for(1h + 29min + 59s);
  EXPECT_THAT(fired_, IsEmpty());
  run_for(1s);
  EXPECT_THAT(fired_, SizeIs(1));
}

TEST_F(SchedulerTest, FiresOnceWhenTheClockIsSetBackOverIt) {
  every_day_at("02:30");
  set_clock("2026-03-01T01:29:59Z");
  run_for(2s);
  set_clock("2026-03-01T01:29:58Z");
  run_for(1h);
  EXPECT_THAT(fired_, SizeIs(1));
}

TEST_F(SchedulerTest, FiresWhenTheClockSkipsItsInstantButNotItsMinute) {
  every_day_at("02:30");
  set_clock("2026-03-01T01:29:58Z");
  run_for(1s);
  set_clock("2026-03-01T01:30:20Z");
  run_for(1s);
  EXPECT_THAT(fired_, ElementsAre("2026-03-01T01:30:20Z"));
}

TEST_F(SchedulerTest, LeavesOutWhatTheClockHasSkipped) {
  every_day_at("02:30");
  set_clock("2026-03-01T01:00:00Z");
  run_for(1s);
  set_clock("2026-03-01T05:00:00Z");
  run_for(1h);
  EXPECT_THAT(fired_, IsEmpty());
}

// SPEC 2.2, in the night of 29 March 2026 clocks of Berlin go from 2:00 to 3:00.
TEST_F(SchedulerTest, SkippedMinuteRunsAtTheNextThatExists) {
  every_day_at("02:30");
  set_clock("2026-03-28T00:00:00Z");
  run_for(72h);
  EXPECT_THAT(fired_,
              ElementsAre("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"));
}

// On 25 October 2026 they show 2:00 to 3:00 twice.
TEST_F(SchedulerTest, MinuteThatComesTwiceRunsOnce) {
  every_day_at("02:30");
  set_clock("2026-10-24T12:00:00Z");
  run_for(48h);
  EXPECT_THAT(fired_, ElementsAre("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"));
}

TEST_F(SchedulerTest, EmptyTimeIsAMinuteDrawnOnceAndKept) {
  every_day_at("");
  set("time/timezone", "");
  set_clock("2026-03-01T00:00:00Z");
  run_for(72h);
  ASSERT_THAT(fired_, SizeIs(3));
  EXPECT_LE(fired_[0], "2026-03-01T05:55:00Z");
  EXPECT_EQ(fired_[0].substr(11), fired_[1].substr(11));
  EXPECT_EQ(recorded("schedule_minute_drawn"), 1);

  settings::DeviceSettings after_power_cut(host_, DeviceIdentity());
  after_power_cut.load();
  EXPECT_EQ(after_power_cut.kept("execution-minute"), fired_[0].substr(11, 5));
}

TEST_F(SchedulerTest, RandomDelayIsDrawnForEachExecution) {
  every_day_at("00:00");
  set("time/timezone", "UTC0");
  execution("useRandomDelay", "true");
  execution("minimalRandomDelay", "10");
  execution("maximalRandomDelay", "3000");
  set_clock("2026-03-01T12:00:00Z");
  run_for(48h);
  ASSERT_THAT(fired_, SizeIs(2));
  for (const std::string& time : fired_) {
    EXPECT_GE(time.substr(11), "00:00:10Z");
    EXPECT_LE(time.substr(11), "00:50:00Z");
  }
  EXPECT_NE(fired_[0].substr(11), fired_[1].substr(11));
  EXPECT_EQ(recorded("schedule_delayed"), 2);
}

TEST_F(SchedulerTest, MinimumAboveTheMaximumIsTheMaximum) {
  every_day_at("00:00");
  set("time/timezone", "UTC0");
  execution("useRandomDelay", "true");
  execution("minimalRandomDelay", "4294967295");
  execution("maximalRandomDelay", "0090");
  set_clock("2026-03-01T12:00:00Z");
  run_for(24h);
  EXPECT_THAT(fired_, ElementsAre("2026-03-02T00:01:30Z"));
}

TEST_F(SchedulerTest, WrongTimezoneIsRefusedAndUtcUsed) {
  every_day_at("02:30");
  set("time/timezone", "Europe/Berlin");
  set_clock("2026-03-01T00:00:00Z");
  run_for(24h);
  EXPECT_THAT(fired_, ElementsAre("2026-03-01T02:30:00Z"));
  EXPECT_EQ(recorded("schedule_refused"), 1);
}

}  // namespace
}  // namespace provlab::service
