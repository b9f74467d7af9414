#pragma once
#include <chrono>
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

/// Reads a quantity with its unit: `250us`, `30ms`, `2s`, `1.5s`, `5min`, `24h`. A bare number is
/// an error that says which units exist.
Expected<Duration> parse_duration(std::string_view text);

/// The shortest exact form with one unit: `30ms`, `1.5s`, `90s`; negative values keep their sign.
std::string to_string(Duration value);

/// Reads `YYYY-MM-DDTHH:MM:SS[.fraction]Z` (RFC 3339, UTC only).
Expected<WallTime> parse_wall_time(std::string_view text);

/// RFC 3339 in UTC, with as many fraction digits as needed.
std::string to_string(WallTime value);

}  // namespace provlab
