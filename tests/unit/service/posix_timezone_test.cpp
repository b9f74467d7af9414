#include "core/service/posix_timezone.hpp"

#include <gtest/gtest.h>

#include "core/platform/time.hpp"
#include "tests/unit/service/utc.hpp"

namespace provlab::service {
namespace {

using std::chrono::hours;
using std::chrono::local_seconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_seconds;

local_seconds local(std::string_view text) {
  return local_seconds{utc(text).time_since_epoch()};
}

PosixTimezone zone(std::string_view text) {
  const auto parsed = PosixTimezone::parse(text);
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().text);
  return parsed.value_or(PosixTimezone());
}

constexpr std::string_view kBerlin = "CET-1CEST,M3.5.0,M10.5.0/3";

TEST(PosixTimezone, EmptyTextIsUtc) {
  EXPECT_EQ(zone("").offset_at(utc("2026-07-01T00:00:00Z")), seconds(0));
}

TEST(PosixTimezone, OffsetCountsWestOfUtcPositive) {
  const auto now = utc("2026-01-01T00:00:00Z");
  EXPECT_EQ(zone("EST5").offset_at(now), hours(-5));
  EXPECT_EQ(zone("JST-9").offset_at(now), hours(9));
  EXPECT_EQ(zone("IST-5:30").offset_at(now), hours(5) + minutes(30));
  EXPECT_EQ(zone("ABC+1:02:03").offset_at(now), -(hours(1) + minutes(2) + seconds(3)));
}

TEST(PosixTimezone, QuotedNamesMayHoldDigitsAndSigns) {
  EXPECT_EQ(zone("<+0330>-3:30").offset_at(utc("2026-01-01T00:00:00Z")), hours(3) + minutes(30));
}

TEST(PosixTimezone, ChangesAtTheLastSundayOfMarchAndOctober) {
  const auto berlin = zone(kBerlin);
  EXPECT_EQ(berlin.offset_at(utc("2026-03-29T00:59:59Z")), hours(1));
  EXPECT_EQ(berlin.offset_at(utc("2026-03-29T01:00:00Z")), hours(2));
  EXPECT_EQ(berlin.offset_at(utc("2026-10-25T00:59:59Z")), hours(2));
  EXPECT_EQ(berlin.offset_at(utc("2026-10-25T01:00:00Z")), hours(1));
}

TEST(PosixTimezone, SouthernSummerSpansTheNewYear) {
  const auto sydney = zone("AEST-10AEDT,M10.1.0,M4.1.0/3");
  EXPECT_EQ(sydney.offset_at(utc("2026-01-01T00:00:00Z")), hours(11));
  EXPECT_EQ(sydney.offset_at(utc("2025-12-31T23:00:00Z")), hours(11));
  EXPECT_EQ(sydney.offset_at(utc("2026-07-01T00:00:00Z")), hours(10));
  // The first Sunday of April 2026 is the 5th; 3:00 daylight time is 16:00 UTC of the 4th.
  EXPECT_EQ(sydney.offset_at(utc("2026-04-04T15:59:59Z")), hours(11));
  EXPECT_EQ(sydney.offset_at(utc("2026-04-04T16:00:00Z")), hours(10));
}

TEST(PosixTimezone, DaylightWithoutRulesFollowsTheUnitedStates) {
  const auto new_york = zone("EST5EDT");
  EXPECT_EQ(new_york.offset_at(utc("2026-03-08T06:59:59Z")), hours(-5));
  EXPECT_EQ(new_york.offset_at(utc("2026-03-08T07:00:00Z")), hours(-4));
  EXPECT_EQ(new_york.offset_at(utc("2026-11-01T06:00:00Z")), hours(-5));
}

TEST(PosixTimezone, JulianDayNeverCountsTheLeapDay) {
  using Rule = PosixTimezone::Rule;
  const Rule rule{.kind = Rule::Kind::julian_day, .day = 60, .time = seconds(0)};
  EXPECT_EQ(rule.in(std::chrono::year(2023)), local("2023-03-01T00:00:00Z"));
  EXPECT_EQ(rule.in(std::chrono::year(2024)), local("2024-03-01T00:00:00Z"));
}

TEST(PosixTimezone, ZeroBasedDayCountsTheLeapDay) {
  using Rule = PosixTimezone::Rule;
  const Rule rule{.kind = Rule::Kind::day_of_year, .day = 59, .time = seconds(0)};
  EXPECT_EQ(rule.in(std::chrono::year(2023)), local("2023-03-01T00:00:00Z"));
  EXPECT_EQ(rule.in(std::chrono::year(2024)), local("2024-02-29T00:00:00Z"));
}

TEST(PosixTimezone, RuleTimesMayReachIntoOtherDays) {
  // Greenland changes at 22:00 of the day before the last Sunday of March: Sunday minus 2 hours.
  const auto nuuk = zone("<-02>2<-01>,M3.5.0/-1,M10.5.0/0");
  EXPECT_EQ(nuuk.offset_at(utc("2026-03-29T00:59:59Z")), hours(-2));
  EXPECT_EQ(nuuk.offset_at(utc("2026-03-29T01:00:00Z")), hours(-1));
}

TEST(PosixTimezone, AllYearDaylightTimeNeverEnds) {
  const auto all_year = zone("XXX3EDT4,0/0,J365/23");
  EXPECT_EQ(all_year.offset_at(utc("2026-01-01T03:00:00Z")), hours(-4));
  EXPECT_EQ(all_year.offset_at(utc("2026-07-01T00:00:00Z")), hours(-4));
  EXPECT_EQ(all_year.offset_at(utc("2026-12-31T23:59:59Z")), hours(-4));
}

TEST(PosixTimezone, RuleTimesMayReachIntoAnotherYear) {
  const auto late = zone("XXX0YYY,J365/30,J100");  // from the first of January, 6:00
  EXPECT_EQ(late.offset_at(utc("2026-01-01T05:59:59Z")), hours(0));
  EXPECT_EQ(late.offset_at(utc("2026-01-01T06:00:00Z")), hours(1));
  const auto early = zone("XXX0YYY,J200,J1/-23");  // until 31 December, 0:00 standard time
  EXPECT_EQ(early.offset_at(utc("2026-12-30T23:59:59Z")), hours(1));
  EXPECT_EQ(early.offset_at(utc("2026-12-31T00:00:00Z")), hours(0));
  EXPECT_EQ(early.offset_at(utc("2026-12-31T23:00:00Z")), hours(0));
}

TEST(PosixTimezone, DaylightTimeMayBeBehindStandardTime) {
  const auto dublin = zone("IST-1GMT0,M10.5.0,M3.5.0/1");
  EXPECT_EQ(dublin.offset_at(utc("2026-07-01T00:00:00Z")), hours(1));
  EXPECT_EQ(dublin.offset_at(utc("2026-12-01T00:00:00Z")), hours(0));
  EXPECT_EQ(dublin.first_at(local("2026-10-25T01:30:00Z")), utc("2026-10-25T00:30:00Z"));
}

TEST(PosixTimezone, SkippedMinuteDoesNotExist) {
  const auto berlin = zone(kBerlin);
  EXPECT_TRUE(berlin.first_at(local("2026-03-29T01:59:00Z")));
  EXPECT_FALSE(berlin.first_at(local("2026-03-29T02:00:00Z")));
  EXPECT_FALSE(berlin.first_at(local("2026-03-29T02:59:00Z")));
  EXPECT_EQ(berlin.first_at(local("2026-03-29T03:00:00Z")), utc("2026-03-29T01:00:00Z"));
}

TEST(PosixTimezone, RepeatedMinuteIsItsFirst) {
  const auto berlin = zone(kBerlin);
  EXPECT_EQ(berlin.first_at(local("2026-10-25T02:30:00Z")), utc("2026-10-25T00:30:00Z"));
  EXPECT_EQ(berlin.first_at(local("2026-10-25T03:00:00Z")), utc("2026-10-25T02:00:00Z"));
}

TEST(PosixTimezone, ToLocalAddsTheOffset) {
  EXPECT_EQ(zone(kBerlin).to_local(utc("2026-07-01T12:00:00Z")), local("2026-07-01T14:00:00Z"));
}

class WrongTimezone : public testing::TestWithParam<std::string_view> {};

TEST_P(WrongTimezone, IsRefusedWithAnExample) {
  const auto parsed = PosixTimezone::parse(GetParam());
  ASSERT_FALSE(parsed);
  EXPECT_NE(parsed.error().text.find(GetParam()), std::string::npos);
  EXPECT_NE(parsed.error().text.find("CET-1CEST,M3.5.0,M10.5.0/3"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(PosixTimezone, WrongTimezone,
                         testing::Values("Europe/Berlin", "CE-1", "CET", "CET-25", "CET-1:60",
                                         "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
                                         "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
                                         "CET-1CEST,J0,J365", "CET-1CEST,0,366",
                                         "CET-1CEST,M3.5.0,M10.5.0/168",
                                         "CET-1CEST,M3.5.0,M10.5.0/3x", "<CET-1", ":UTC",
                                         "CET-1CEST;M3.5.0,M10.5.0"));

}  // namespace
}  // namespace provlab::service
