#pragma once
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "core/service/posix_timezone.hpp"

namespace provlab::service {

/// When the device provisions itself at a time (SPEC 2.1, 2.2). A value; who waits for it is the
/// Scheduler.
struct Schedule {
  std::array<bool, 7> weekdays{};      ///< from Sunday, as std::chrono::weekday::c_encoding()
  std::chrono::minutes time_of_day{};  ///< local, 0:00–23:59
  /// The bounds of the random delay of each occurrence; absent where it is off.
  struct Delay {
    std::chrono::seconds minimal{};
    std::chrono::seconds maximal{};
    friend bool operator==(const Delay&, const Delay&) = default;
  };
  std::optional<Delay> delay;

  /// Whether any weekday is chosen.
  bool ever() const;
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

/// One day's execution, before its random delay.
struct Occurrence {
  std::chrono::local_days day;      ///< the day whose flag and time it is for
  std::chrono::sys_seconds time{};  ///< when it is
  friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

/// Of what fits timeOfDay of the schemas, `HH:MM` or `H:MM` (SPEC 2.2).
std::chrono::minutes read_time_of_day(std::string_view text);
std::string format_time_of_day(std::chrono::minutes value);  ///< `03:17`

/// The occurrence of `day`: a minute that clocks skip that day runs at the next that exists, one
/// that they show twice runs at the first (SPEC 2.2). The weekday is not looked at.
Occurrence occurrence_on(std::chrono::local_days day, const Schedule& schedule,
                         const PosixTimezone& timezone);

/// The first occurrence at or after `from` that is not `done` (the day that has already had its
/// run); nothing where no weekday is chosen.
std::optional<Occurrence> next_occurrence(const Schedule& schedule, const PosixTimezone& timezone,
                                          std::chrono::sys_seconds from,
                                          std::optional<std::chrono::local_days> done);

}  // namespace provlab::service
