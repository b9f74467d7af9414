#pragma once
#include <chrono>
#include <optional>
#include <string_view>

#include "core/platform/error.hpp"

namespace provlab::service {

/// Local time by a POSIX TZ string, `std offset [dst [offset] [,start[/time],end[/time]]]`
/// (POSIX.1-2017 8.3, with the hours −167…167 of RFC 8536 3.3.1 in rules). Rules may be `Mm.w.d`,
/// `Jn` and `n`. A daylight name without rules changes on M3.2.0 and M11.1.0, as the C library
/// does. The device keeps no time zone database: this string is all it knows (SPEC 2.2).
class PosixTimezone {
 public:
  PosixTimezone() = default;  ///< UTC
  /// An error says which part is wrong. An empty text is UTC.
  static Expected<PosixTimezone> parse(std::string_view text);

  /// What is added to UTC to get local time: +1 h in Berlin's winter.
  std::chrono::seconds offset_at(std::chrono::sys_seconds time) const;
  std::chrono::local_seconds to_local(std::chrono::sys_seconds time) const;
  /// The first instant at which local clocks show `local`; nothing where they skip it.
  std::optional<std::chrono::sys_seconds> first_at(std::chrono::local_seconds local) const;

  /// The same, or where clocks skip it the next full minute behind it that they show.
  std::chrono::sys_seconds first_from(std::chrono::local_seconds local) const;

  /// The day of a year on which clocks change, and the local time at which they do.
  struct Rule {
    enum class Kind { julian_day /* Jn, never 29 February */, day_of_year /* n */, week_of_month };
    Kind kind = Kind::week_of_month;
    unsigned month = 1;  ///< 1–12
    unsigned week = 1;   ///< 1–5, 5 is the last
    unsigned day = 0;    ///< weekday 0–6 from Sunday; 1–365 of Jn; 0–365 of n
    std::chrono::seconds time = std::chrono::hours(2);

    std::chrono::local_seconds in(std::chrono::year year) const;
  };

 private:
  struct Daylight {
    std::chrono::seconds offset{};
    Rule start;
    Rule end;
  };
  std::chrono::seconds standard_offset_{};
  std::optional<Daylight> daylight_;
};

}  // namespace provlab::service
