#include "core/platform/time.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cstdint>

namespace provlab {

std::string to_string(Duration value) {
  const std::int64_t count = value.count();
  if (count == 0) return "0s";
  const std::int64_t magnitude = count < 0 ? -count : count;
  const std::string_view sign = count < 0 ? "-" : "";
  if (magnitude % 1'000'000'000 == 0) {
    // Whole hours and minutes only where they are exact; 90 s stays 90 s.
    for (const DurationUnit& unit : kDurationUnits) {
      if (magnitude % unit.nanoseconds == 0 &&
          (unit.name != "min" || magnitude >= 300'000'000'000)) {
        return fmt::format(FMT_COMPILE("{}{}{}"), sign, magnitude / unit.nanoseconds, unit.name);
      }
    }
  }
  const DurationUnit& unit = magnitude >= 1'000'000'000 ? kDurationUnits[2]
                             : magnitude >= 1'000'000   ? kDurationUnits[3]
                             : magnitude >= 1'000       ? kDurationUnits[4]
                                                        : kDurationUnits[5];
  std::string fraction;
  for (std::int64_t rest = magnitude % unit.nanoseconds, place = unit.nanoseconds / 10; rest > 0;
       rest %= place, place /= 10) {
    fraction += static_cast<char>('0' + rest / place);
  }
  return fmt::format(FMT_COMPILE("{}{}{}{}{}"), sign, magnitude / unit.nanoseconds,
                     fraction.empty() ? "" : ".", fraction, unit.name);
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
