#include "core/platform/time.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>

namespace provlab {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t nanoseconds;
};

// From the largest, so that to_string() finds the largest that divides.
constexpr std::array<Unit, 6> kUnits{{{"h", 3'600'000'000'000},
                                      {"min", 60'000'000'000},
                                      {"s", 1'000'000'000},
                                      {"ms", 1'000'000},
                                      {"us", 1'000},
                                      {"ns", 1}}};

/// Reads `digits` decimal digits at the front of `text` and removes them; -1 where they are not.
int take_digits(std::string_view& text, std::size_t digits) {
  int value = 0;
  if (text.size() < digits) return -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
  if (error != std::errc() || end != text.data() + digits || value < 0) return -1;
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text[0] != expected) return false;
  text.remove_prefix(1);
  return true;
}

/// Reads a fraction (the digits after the point) as nanoseconds out of `whole`; -1 where it is none
/// or finer than a nanosecond.
std::int64_t take_fraction(std::string_view& text, std::int64_t whole) {
  std::int64_t value = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    if (whole % 10 != 0) return -1;
    whole /= 10;
    value += (text[digits] - '0') * whole;
  }
  text.remove_prefix(digits);
  return digits == 0 ? -1 : value;
}

}  // namespace

Expected<Duration> parse_duration(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return fail(fmt::format(
        "'{}' {}; write a number with a unit, for example 30ms, 1.5s, 5min, 24h", text, why));
  };
  std::string_view rest = text;
  const bool negative = take(rest, '-');
  std::int64_t whole = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), whole);
  if (error != std::errc() || rest[0] == '-') return wrong("is not a length of time");
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  std::string_view name = rest;
  const std::size_t digits = name.find_first_not_of(".0123456789");
  if (digits == std::string_view::npos) return wrong("has no unit");
  name.remove_prefix(digits);
  for (const Unit& unit : kUnits) {
    if (unit.name != name) continue;
    std::int64_t fraction = 0;
    if (take(rest, '.')) {
      fraction = take_fraction(rest, unit.nanoseconds);
      if (fraction < 0) return wrong("is finer than a nanosecond or ends in a point");
    }
    if (rest != name) return wrong("is not a length of time");
    if (whole > INT64_MAX / unit.nanoseconds - 1) return wrong("is longer than 292 years");
    const std::int64_t value = whole * unit.nanoseconds + fraction;
    return Duration(negative ? -value : value);
  }
  return wrong("has an unknown unit");
}

std::string to_string(Duration value) {
  const std::int64_t count = value.count();
  if (count == 0) return "0s";
  const std::int64_t magnitude = count < 0 ? -count : count;
  const std::string_view sign = count < 0 ? "-" : "";
  if (magnitude % 1'000'000'000 == 0) {
    // Whole hours and minutes only where they are exact; 90 s stays 90 s.
    for (const Unit& unit : kUnits) {
      if (magnitude % unit.nanoseconds == 0 &&
          (unit.name != "min" || magnitude >= 300'000'000'000)) {
        return fmt::format(FMT_COMPILE("{}{}{}"), sign, magnitude / unit.nanoseconds, unit.name);
      }
    }
  }
  const Unit& unit = magnitude >= 1'000'000'000 ? kUnits[2]
                     : magnitude >= 1'000'000   ? kUnits[3]
                     : magnitude >= 1'000       ? kUnits[4]
                                                : kUnits[5];
  std::string fraction;
  for (std::int64_t rest = magnitude % unit.nanoseconds, place = unit.nanoseconds / 10; rest > 0;
       rest %= place, place /= 10) {
    fraction += static_cast<char>('0' + rest / place);
    if (place == 1) break;
  }
  return fmt::format(FMT_COMPILE("{}{}{}{}{}"), sign, magnitude / unit.nanoseconds,
                     fraction.empty() ? "" : ".", fraction, unit.name);
}

Expected<WallTime> parse_wall_time(std::string_view text) {
  const auto wrong = [&] {
    return fail(fmt::format("'{}' is not a time; write it in UTC as 2026-03-01T08:00:00Z", text));
  };
  std::string_view rest = text;
  const int year = take_digits(rest, 4);
  if (!take(rest, '-')) return wrong();
  const int month = take_digits(rest, 2);
  if (!take(rest, '-')) return wrong();
  const int day = take_digits(rest, 2);
  if (!take(rest, 'T')) return wrong();
  const int hour = take_digits(rest, 2);
  if (!take(rest, ':')) return wrong();
  const int minute = take_digits(rest, 2);
  if (!take(rest, ':')) return wrong();
  const int second = take_digits(rest, 2);
  std::int64_t fraction = 0;
  if (take(rest, '.')) fraction = take_fraction(rest, 1'000'000'000);
  if (rest != "Z" || year < 0 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 ||
      minute > 59 || second < 0 || second > 59 || fraction < 0) {
    return wrong();
  }
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  // 64 bits of nanoseconds reach from 1678 to 2262.
  if (!date.ok() || year < 1678 || year > 2261) return wrong();
  return WallTime(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second) + Duration(fraction);
}

std::string to_string(WallTime value) {
  const auto day = std::chrono::floor<std::chrono::days>(value);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(value - day);
  std::string text =
      fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}"), static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  time.hours().count(), time.minutes().count(), time.seconds().count());
  if (const auto fraction = time.subseconds().count(); fraction != 0) {
    std::string digits = fmt::format(FMT_COMPILE("{:09}"), fraction);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += '.';
    text += digits;
  }
  return text + 'Z';
}

}  // namespace provlab
