#include "core/service/schedule.hpp"

#include <gtest/gtest.h>

#include "core/platform/time.hpp"
#include "tests/unit/service/utc.hpp"

namespace provlab::service {
namespace {

using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;

PosixTimezone berlin() {
  return PosixTimezone::parse("CET-1CEST,M3.5.0,M10.5.0/3").value();
}

Schedule every_day(minutes time_of_day) {
  Schedule schedule;
  schedule.weekdays.fill(true);
  schedule.time_of_day = time_of_day;
  return schedule;
}

Schedule on(std::initializer_list<std::chrono::weekday> days, minutes time_of_day) {
  Schedule schedule;
  for (const auto day : days) schedule.weekdays[day.c_encoding()] = true;
  schedule.time_of_day = time_of_day;
  return schedule;
}

std::optional<sys_seconds> next(const Schedule& schedule, const PosixTimezone& zone,
                                std::string_view from,
                                std::optional<local_days> done = std::nullopt) {
  const auto occurrence = next_occurrence(schedule, zone, utc(from), done);
  return occurrence ? std::optional(occurrence->time) : std::nullopt;
}

TEST(TimeOfDay, ReadsOneOrTwoDigitsOfHours) {
  EXPECT_EQ(read_time_of_day("2:30"), 150min);
  EXPECT_EQ(read_time_of_day("02:30"), 150min);
  EXPECT_EQ(read_time_of_day("0:00"), 0min);
  EXPECT_EQ(read_time_of_day("23:59"), 1439min);
}

TEST(TimeOfDay, IsWrittenWithTwoDigits) {
  EXPECT_EQ(format_time_of_day(3min), "00:03");
  EXPECT_EQ(format_time_of_day(1439min), "23:59");
}

TEST(Schedule, WithoutWeekdaysNeverOccurs) {
  EXPECT_FALSE(next(Schedule(), PosixTimezone(), "2026-03-01T00:00:00Z"));
}

TEST(Schedule, OccursLaterTheSameDay) {
  EXPECT_EQ(next(every_day(150min), berlin(), "2026-03-01T00:00:00Z"), utc("2026-03-01T01:30:00Z"));
}

TEST(Schedule, OccursAtTheVeryInstant) {
  EXPECT_EQ(next(every_day(150min), berlin(), "2026-03-01T01:30:00Z"), utc("2026-03-01T01:30:00Z"));
}

TEST(Schedule, OccursTheNextDayOnceItsTimeHasPassed) {
  EXPECT_EQ(next(every_day(150min), berlin(), "2026-03-01T01:30:01Z"), utc("2026-03-02T01:30:00Z"));
}

TEST(Schedule, WaitsForItsWeekday) {
  // 1 March 2026 is a Sunday.
  EXPECT_EQ(next(on({std::chrono::Thursday}, 150min), berlin(), "2026-03-01T12:00:00Z"),
            utc("2026-03-05T01:30:00Z"));
  EXPECT_EQ(next(on({std::chrono::Sunday}, 150min), berlin(), "2026-03-01T12:00:00Z"),
            utc("2026-03-08T01:30:00Z"));
}

TEST(Schedule, WeekdayIsTheLocalOne) {
  // 23:30 UTC of Saturday is Sunday 0:30 in Berlin.
  EXPECT_EQ(next(on({std::chrono::Sunday}, 30min), berlin(), "2026-02-28T12:00:00Z"),
            utc("2026-02-28T23:30:00Z"));
}

TEST(Schedule, DayThatIsDoneIsPassedOver) {
  const local_days day =
      std::chrono::floor<std::chrono::days>(berlin().to_local(utc("2026-03-01T12:00:00Z")));
  EXPECT_EQ(next(every_day(150min), berlin(), "2026-03-01T00:00:00Z", day),
            utc("2026-03-02T01:30:00Z"));
}

// SPEC 2.2: a minute that does not exist that day runs at the next that does.
TEST(Schedule, SkippedMinuteRunsWhenClocksGoOn) {
  EXPECT_EQ(next(every_day(150min), berlin(), "2026-03-29T00:00:00Z"), utc("2026-03-29T01:00:00Z"));
  // The following day it is 2:30 again, now of daylight time.
  EXPECT_EQ(next(every_day(150min), berlin(), "2026-03-29T01:00:01Z"), utc("2026-03-30T00:30:00Z"));
}

TEST(Schedule, MinuteSkippedAtMidnightRunsOnTheNextDay) {
  // Clocks go from 23:30 of the day to 0:30 of the next.
  const auto zone = PosixTimezone::parse("AAA0BBB,M3.5.0/23:30,M10.5.0").value();
  EXPECT_EQ(next(on({std::chrono::Sunday}, 23h + 45min), zone, "2026-03-29T23:00:00Z"),
            utc("2026-03-29T23:30:00Z"));
  EXPECT_EQ(next(on({std::chrono::Sunday}, 23h + 45min), zone, "2026-03-29T23:30:00Z"),
            utc("2026-03-29T23:30:00Z"));
}

// SPEC 2.2: one that comes twice runs once.
TEST(Schedule, RepeatedMinuteRunsTheFirstTimeOnly) {
  EXPECT_EQ(next(every_day(150min), berlin(), "2026-10-25T00:00:00Z"), utc("2026-10-25T00:30:00Z"));
  EXPECT_EQ(next(every_day(150min), berlin(), "2026-10-25T00:30:01Z"), utc("2026-10-26T01:30:00Z"));
}

}  // namespace
}  // namespace provlab::service
