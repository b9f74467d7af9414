#include "core/service/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provlab::service {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::sys_seconds;

std::optional<int> digit(char c) {
  if (c < '0' || c > '9') return std::nullopt;
  return c - '0';
}

}  // namespace

bool Schedule::ever() const {
  return std::ranges::any_of(weekdays, [](bool flag) { return flag; });
}

Expected<minutes> parse_time_of_day(std::string_view text) {
  const auto wrong = [&] {
    return fail(
        fmt::format("'{}' is not a time of day; write it as HH:MM, for example 02:30", text));
  };
  const std::size_t colon = text.find(':');
  if (colon != 1 && colon != 2) return wrong();
  if (text.size() != colon + 3) return wrong();
  int hour = 0;
  for (const char c : text.substr(0, colon)) {
    const auto value = digit(c);
    if (!value) return wrong();
    hour = hour * 10 + *value;
  }
  const auto tens = digit(text[colon + 1]);
  const auto ones = digit(text[colon + 2]);
  if (hour > 23 || !tens || *tens > 5 || !ones) return wrong();
  return minutes(hour * 60 + *tens * 10 + *ones);
}

std::string format_time_of_day(minutes value) {
  return fmt::format("{:02}:{:02}", value.count() / 60, value.count() % 60);
}

Occurrence occurrence_on(local_days day, const Schedule& schedule, const PosixTimezone& timezone) {
  return {day, timezone.first_from(day + schedule.time_of_day)};
}

std::optional<Occurrence> next_occurrence(const Schedule& schedule, const PosixTimezone& timezone,
                                          sys_seconds from, std::optional<local_days> done) {
  const auto today = std::chrono::floor<days>(timezone.to_local(from));
  // From yesterday, whose skipped minute may run today, to the day that is today's weekday again.
  for (local_days day = today - days(1); day <= today + days(8); day += days(1)) {
    if (!schedule.weekdays[std::chrono::weekday(day).c_encoding()] || day == done) continue;
    const Occurrence occurrence = occurrence_on(day, schedule, timezone);
    if (occurrence.time >= from) return occurrence;
  }
  return std::nullopt;
}

}  // namespace provlab::service
