#include "core/service/posix_timezone.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text.hpp"

// parse() reads the string with a Reader from front to back. Everything else follows from one
// question, offset_at(): which of two offsets holds at an instant of UTC? Both changes of a year
// are instants: the start is written in standard time, the end in daylight time. The newest one
// counts, whichever comes first in a year. Local time is UTC and the offset; the way back
// (first_at) tries both offsets and keeps those that offset_at() confirms.
namespace provlab::service {

namespace {

using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

/// Reads the parts of a TZ string from the front. Every take_… returns false, or nothing, where the
/// part is not there or out of range.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool at(char c) const { return !rest_.empty() && rest_.front() == c; }
  std::string_view rest() const { return rest_; }

  bool take(char expected) {
    if (!at(expected)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Three or more letters, or letters, digits and signs between angle brackets.
  bool take_name() {
    const bool quoted = take('<');
    std::size_t length = 0;
    while (length < rest_.size() && in_name(rest_[length], quoted)) ++length;
    rest_.remove_prefix(length);
    return length >= 3 && (!quoted || take('>'));
  }

  std::optional<unsigned> take_number(unsigned low, unsigned high) {
    unsigned value = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      value = value * 10 + static_cast<unsigned>(rest_[digits] - '0');
      if (value > high) return std::nullopt;
    }
    if (digits == 0 || value < low) return std::nullopt;
    rest_.remove_prefix(digits);
    return value;
  }

  /// `[+-]hh[:mm[:ss]]`
  std::optional<seconds> take_time(unsigned most_hours) {
    const bool negative = take('-');
    if (!negative) take('+');
    const auto hours = take_number(0, most_hours);
    if (!hours) return std::nullopt;
    seconds value = std::chrono::hours(*hours);
    if (take(':')) {
      const auto minutes = take_number(0, 59);
      if (!minutes) return std::nullopt;
      value += std::chrono::minutes(*minutes);
      if (take(':')) {
        const auto part = take_number(0, 59);
        if (!part) return std::nullopt;
        value += seconds(*part);
      }
    }
    return negative ? -value : value;
  }

  std::optional<PosixTimezone::Rule> take_rule() {
    using Kind = PosixTimezone::Rule::Kind;
    PosixTimezone::Rule rule;
    std::optional<unsigned> day;
    if (take('M')) {
      const auto month = take_number(1, 12);
      if (!month || !take('.')) return std::nullopt;
      const auto week = take_number(1, 5);
      if (!week || !take('.')) return std::nullopt;
      day = take_number(0, 6);
      rule.month = *month;
      rule.week = *week;
    } else if (take('J')) {
      rule.kind = Kind::julian_day;
      day = take_number(1, 365);
    } else {
      rule.kind = Kind::day_of_year;
      day = take_number(0, 365);
    }
    if (!day) return std::nullopt;
    rule.day = *day;
    if (take('/')) {
      const auto time = take_time(167);
      if (!time) return std::nullopt;
      rule.time = *time;
    }
    return rule;
  }

 private:
  static bool in_name(char c, bool quoted) {
    return is_letter(c) || (quoted && (is_digit(c) || c == '+' || c == '-'));
  }

  std::string_view rest_;
};

}  // namespace

Expected<PosixTimezone> PosixTimezone::parse(std::string_view text) {
  PosixTimezone zone;
  if (text.empty()) return zone;
  const auto wrong = [&](std::string_view what) {
    return fail(
        fmt::format("'{}' is not a POSIX time zone: {}; write it like "
                    "CET-1CEST,M3.5.0,M10.5.0/3",
                    shortened(text), what));
  };
  Reader reader(text);
  if (!reader.take_name()) return wrong("it must begin with a name of three or more letters");
  const auto west = reader.take_time(24);
  if (!west) return wrong("after the name comes the offset in hours, west of UTC positive");
  zone.standard_offset_ = -*west;
  if (reader.at_end()) return zone;

  Daylight daylight;
  if (!reader.take_name()) return wrong("the daylight name has three or more letters");
  daylight.offset = zone.standard_offset_ + std::chrono::hours(1);
  if (!reader.at_end() && !reader.at(',')) {
    const auto daylight_west = reader.take_time(24);
    if (!daylight_west) return wrong("the daylight offset is not a time");
    daylight.offset = -*daylight_west;
  }
  if (reader.at_end()) {
    daylight.start = {.month = 3, .week = 2, .day = 0};
    daylight.end = {.month = 11, .week = 1, .day = 0};
  } else {
    if (!reader.take(',')) return wrong("a comma must stand before the rules");
    const auto start = reader.take_rule();
    if (!start || !reader.take(',')) return wrong("the rule for the start is not Mm.w.d, Jn or n");
    const auto end = reader.take_rule();
    if (!end) return wrong("the rule for the end is not Mm.w.d, Jn or n");
    if (!reader.at_end()) return wrong(fmt::format("'{}' is left over", shortened(reader.rest())));
    daylight.start = *start;
    daylight.end = *end;
  }
  zone.daylight_ = daylight;
  return zone;
}

local_seconds PosixTimezone::Rule::in(std::chrono::year year) const {
  const local_days new_year{year / std::chrono::January / 1};
  local_days date = new_year;
  switch (kind) {
    case Kind::julian_day:
      date += std::chrono::days(day - 1 + (year.is_leap() && day >= 60 ? 1 : 0));
      break;
    case Kind::day_of_year:
      date += std::chrono::days(day);
      break;
    case Kind::week_of_month: {
      const auto in_month = year / std::chrono::month(month);
      const std::chrono::weekday weekday(day);
      date = week == 5 ? local_days(in_month / weekday[std::chrono::last])
                       : local_days(in_month / weekday[week]);
      break;
    }
  }
  return date + time;
}

seconds PosixTimezone::offset_at(sys_seconds time) const {
  if (!daylight_) return standard_offset_;
  // The newest change until then says which holds. Rules may reach into the years beside theirs;
  // where one year's end is the next one's start, as in all-year daylight time, the start counts.
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  sys_seconds newest = sys_seconds::min();
  bool daylight = false;
  const auto consider = [&](sys_seconds change, bool starts) {
    if (change > time || change < newest) return;
    newest = change;
    daylight = starts;
  };
  // A change comes 167 hours and an offset of a day before its year or after it at most.
  const int first = date.month() == std::chrono::January ? -2 : -1;
  const int last = date.month() == std::chrono::December ? 1 : 0;
  for (int beside = first; beside <= last; ++beside) {
    const std::chrono::year year = date.year() + std::chrono::years(beside);
    // The start is given in standard time, the end in daylight time.
    consider(sys_seconds{daylight_->end.in(year).time_since_epoch() - daylight_->offset}, false);
    consider(sys_seconds{daylight_->start.in(year).time_since_epoch() - standard_offset_}, true);
  }
  return daylight ? daylight_->offset : standard_offset_;
}

local_seconds PosixTimezone::to_local(sys_seconds time) const {
  return local_seconds{time.time_since_epoch() + offset_at(time)};
}

std::optional<sys_seconds> PosixTimezone::first_at(local_seconds local) const {
  std::optional<sys_seconds> first;
  const auto consider = [&](seconds offset) {
    const sys_seconds time{local.time_since_epoch() - offset};
    if (offset_at(time) == offset && (!first || time < *first)) first = time;
  };
  consider(standard_offset_);
  if (daylight_) consider(daylight_->offset);
  return first;
}

sys_seconds PosixTimezone::first_from(local_seconds local) const {
  if (const auto time = first_at(local)) return *time;
  // What clocks skip lies at a change, between the instants that it would be by either offset: just
  // before the change the smaller one holds, from then on the greater.
  const auto [low, high] = std::minmax(standard_offset_, daylight_->offset);
  sys_seconds before{local.time_since_epoch() - high};
  sys_seconds change{local.time_since_epoch() - low};
  while (change - before > seconds(1)) {
    const sys_seconds middle = before + (change - before) / 2;
    (offset_at(middle) == low ? before : change) = middle;
  }
  const local_seconds minute = std::chrono::ceil<std::chrono::minutes>(to_local(change));
  return sys_seconds{minute.time_since_epoch() - high};
}

}  // namespace provlab::service
