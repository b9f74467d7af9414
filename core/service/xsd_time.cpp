#include "core/service/xsd_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/platform/text.hpp"

namespace provlab::service {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::int64_t kMost = 1'000'000'000'000;  // more than any number here needs
constexpr Duration kCentury = days(36500);

bool take_mark(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

/// The digits at the front of `text`, which it loses; at most kMost. Nothing where there are none.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t value = 0;
  const std::size_t size = std::min(text.find_first_not_of("0123456789"), text.size());
  if (size == 0) return std::nullopt;
  for (const char digit : text.substr(0, size)) value = std::min(value * 10 + digit - '0', kMost);
  text.remove_prefix(size);
  return value;
}

/// The fraction behind a point at the front of `text`, which loses it; nothing where the point is
/// missing.
std::optional<Duration> take_point(std::string_view& text) {
  if (!take_mark(text, '.')) return std::nullopt;
  Duration value{};
  Duration place = std::chrono::milliseconds(100);
  const std::size_t size = std::min(text.find_first_not_of("0123456789"), text.size());
  for (const char digit : text.substr(0, size)) {
    value += (digit - '0') * place;
    place /= 10;
  }
  text.remove_prefix(size);
  return value;
}

/// A number with `mark` behind it; -1 where it is something else.
int take_part(std::string_view& text, char mark) {
  const auto number = take_number(text);
  if (!number || (mark != '\0' && !take_mark(text, mark))) return -1;
  return static_cast<int>(std::min<std::int64_t>(*number, 9999));
}

Expected<std::optional<minutes>> take_zone(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text == "Z") return minutes(0);
  const bool behind = text.front() == '-';
  if (!behind && text.front() != '+') return fail("the zone cannot be read");
  text.remove_prefix(1);
  const int hour = take_part(text, ':');
  const int minute = take_part(text, '\0');
  if (hour < 0 || hour > 14 || minute < 0 || minute > 59 || !text.empty()) {
    return fail("the zone cannot be read");
  }
  const minutes ahead = hours(hour) + minutes(minute);
  return behind ? -ahead : ahead;
}

/// A unit of an xs:duration, and whether it stands behind the `T`.
struct DurationUnit {
  char letter;
  bool of_time;
  seconds length;
};
constexpr std::array<DurationUnit, 6> kDurationUnits{{{'Y', false, days(365)},
                                                      {'M', false, days(30)},
                                                      {'D', false, days(1)},
                                                      {'H', true, hours(1)},
                                                      {'M', true, minutes(1)},
                                                      {'S', true, seconds(1)}}};

Duration bounded(std::int64_t number, seconds unit) {
  return number > kCentury / unit ? kCentury : Duration(number * unit);
}

/// What stands behind the `P`.
std::optional<Duration> take_units(std::string_view text) {
  Duration sum{};
  bool any = false;
  bool of_time = false;
  for (const DurationUnit& unit : kDurationUnits) {
    if (unit.of_time && !of_time) of_time = take_mark(text, 'T');
    if (unit.of_time != of_time) continue;
    std::string_view rest = text;
    const auto number = take_number(rest);
    const auto fraction = number && unit.letter == 'S' ? take_point(rest) : std::nullopt;
    if (!number || !take_mark(rest, unit.letter)) continue;
    sum = std::min(sum + bounded(*number, unit.length) + fraction.value_or(Duration{}), kCentury);
    text = rest;
    any = true;
  }
  if (!any || !text.empty()) return std::nullopt;
  return sum;
}

}  // namespace

Expected<XsdDateTime> parse_xsd_date_time(std::string_view text) {
  const auto wrong = [all = text](std::string_view why) {
    return fail(fmt::format("'{}' is no xsd:dateTime such as 2026-03-01T08:00:00+01:00: {}",
                            shortened(all), why));
  };
  const bool before_christ = take_mark(text, '-');
  const int written_year = take_part(text, '-');
  const int month = take_part(text, '-');
  const int day = take_part(text, 'T');
  const int hour = take_part(text, ':');
  const int minute = take_part(text, ':');
  const int second = take_part(text, '\0');
  if (written_year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) {
    return wrong("a part is missing");
  }
  const Duration fraction = take_point(text).value_or(Duration{});
  const auto zone = take_zone(text);
  if (!zone) return wrong(zone.error().text);
  const int year = before_christ ? 1900 : std::clamp(written_year, 1900, 2199);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  const bool midnight = hour == 24 && minute == 0 && second == 0 && fraction == Duration{};
  if ((!date.ok() && year == written_year) || (hour > 23 && !midnight) || minute > 59 ||
      second > 59) {
    return wrong("there is no such day or time");
  }
  const std::chrono::local_days start =
      date.ok() ? std::chrono::local_days(date)
                : std::chrono::local_days(date.year() / std::chrono::January / 1);
  return XsdDateTime{start + hours(hour) + minutes(minute) + seconds(second) + fraction, *zone};
}

Expected<Duration> parse_xsd_duration(std::string_view text) {
  std::string_view rest = text;
  const bool negative = take_mark(rest, '-');
  std::optional<Duration> length;
  if (take_mark(rest, 'P')) {
    length = take_units(rest);
  } else {
    if (!negative) take_mark(rest, '+');
    const auto number = take_number(rest);
    const auto fraction = take_point(rest);
    if ((number || fraction) && rest.empty()) {
      length = bounded(number.value_or(0), seconds(1)) + fraction.value_or(Duration{});
    }
  }
  if (!length) {
    return fail(fmt::format("'{}' is neither an xsd:duration such as PT30S nor a number of seconds",
                            shortened(text)));
  }
  return negative ? -*length : *length;
}

}  // namespace provlab::service
