#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text.hpp"
#include "core/service/allowlist_entry.hpp"
#include "core/service/notify_sync.hpp"
#include "core/service/posix_timezone.hpp"
#include "core/service/schedule.hpp"
#include "sim/text/parse.hpp"
#include "tests/fuzz/targets.hpp"

namespace provlab::fuzz {

namespace {

using namespace service;
using namespace std::chrono_literals;

std::string_view take_line(std::string_view& input) {
  const std::size_t end = std::min(input.size(), input.find('\n'));
  const std::string_view line = input.substr(0, end);
  input.remove_prefix(std::min(input.size(), end + 1));
  return line;
}

std::string zone_problem(const PosixTimezone& zone, std::chrono::sys_seconds time) {
  const std::chrono::seconds offset = zone.offset_at(time);
  if (std::chrono::abs(offset) > 168h) return "an offset of more than a week";
  const auto first = zone.first_at(zone.to_local(time));
  if (!first) return "clocks never show what they show";
  if (*first > time) return "the first time that clocks show is later than the time itself";
  if (zone.to_local(*first) != zone.to_local(time)) return "the first time shows something else";
  return {};
}

std::string schedule_problem(const PosixTimezone& zone, std::chrono::sys_seconds from,
                             std::chrono::minutes time_of_day) {
  Schedule schedule;
  schedule.weekdays.fill(true);
  schedule.time_of_day = time_of_day;
  const auto next = next_occurrence(schedule, zone, from, std::nullopt);
  if (!next) return "every day has an occurrence, and there is none";
  if (next->time < from) return "the next occurrence is over";
  if (next->time > from + 24h * 16) return "the next occurrence is more than a fortnight away";
  const auto after = next_occurrence(schedule, zone, next->time, next->day);
  return after && after->day > next->day ? "" : "the occurrence after the next is none";
}

}  // namespace

std::string timezone(std::string_view input) {
  const auto zone = PosixTimezone::parse(take_line(input));
  if (!zone) return zone.error().to_string().size() > 2000 ? "an error as long as a zone" : "";
  std::chrono::minutes time_of_day{};
  while (!input.empty()) {
    const std::string_view line = take_line(input);
    std::ignore = read_allowlist_entry(line);
    std::ignore = parse_duration(line);
    const auto time = read_time_of_day(line);
    if (time >= std::chrono::minutes(0) && time < std::chrono::hours(24)) {
      time_of_day = time;
      if (read_time_of_day(format_time_of_day(time)) != time) return "two forms of a time of day";
    }
    const auto moment = parse_wall_time(line);
    if (!moment) continue;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(*moment);
    if (auto problem = zone_problem(*zone, seconds); !problem.empty()) return problem;
    if (auto problem = schedule_problem(*zone, seconds, time_of_day); !problem.empty()) {
      return problem;
    }
  }
  return {};
}

std::string notify_sync(std::string_view input) {
  const auto document = settings::read_xml(input, "");
  if (!document || !is_notify_sync(*document)) return {};
  const auto read = read_notify_sync(*document);
  if (!read) return read.error().to_string().size() > 2000 ? "a reason as long as a body" : "";
  constexpr Duration kCentury = std::chrono::days(36500);
  if (read->delay < -kCentury || read->delay > kCentury) return "a delay beyond a century";
  if (read->start && read->delay != Duration()) return "both a date and a delay";
  if (to_string(read->what).empty()) return "a NOTIFY that asks for nothing";
  return {};
}

}  // namespace provlab::fuzz
