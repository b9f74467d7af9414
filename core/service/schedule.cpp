#include "core/service/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace provlab::service {

namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::sys_seconds;

/// The number at the front of a text.
int number_at(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

bool Schedule::ever() const {
  return std::ranges::any_of(weekdays, [](bool flag) { return flag; });
}

minutes read_time_of_day(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  const std::string_view behind = text.substr(std::min(colon + 1, text.size()));
  return std::chrono::hours(number_at(text.substr(0, colon))) + minutes(number_at(behind));
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
  for (local_days day = today - days(1); day <= today + days(7); day += days(1)) {
    if (!schedule.weekdays[std::chrono::weekday(day).c_encoding()] || day == done) continue;
    const Occurrence occurrence = occurrence_on(day, schedule, timezone);
    if (occurrence.time >= from) return occurrence;
  }
  return std::nullopt;
}

}  // namespace provlab::service
