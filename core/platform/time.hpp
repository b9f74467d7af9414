#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/platform/error.hpp"

namespace provlab {

using Duration = std::chrono::nanoseconds;

/// The monotonic clock of a world: starts at zero, never goes back. It has no now(); ask the Host.
struct MonotonicClock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<MonotonicClock>;
  static constexpr bool is_steady = true;
};
using Instant = MonotonicClock::time_point;

/// Coordinated universal time, without leap seconds, as POSIX counts it.
using WallTime = std::chrono::sys_time<Duration>;

/// The units of to_string(), from the largest.
struct DurationUnit {
  std::string_view name;
  std::int64_t nanoseconds;
};
inline constexpr std::array<DurationUnit, 6> kDurationUnits{{{"h", 3'600'000'000'000},
                                                             {"min", 60'000'000'000},
                                                             {"s", 1'000'000'000},
                                                             {"ms", 1'000'000},
                                                             {"us", 1'000},
                                                             {"ns", 1}}};

/// The shortest exact form with one unit: `30ms`, `1.5s`, `90s`; negative values keep their sign.
std::string to_string(Duration value);

/// RFC 3339 in UTC, with as many fraction digits as needed.
std::string to_string(WallTime value);

}  // namespace provlab
