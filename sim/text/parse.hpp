#pragma once
#include <string_view>

#include "core/platform/address.hpp"
#include "core/platform/error.hpp"
#include "core/platform/time.hpp"

/// What people write in scenarios and on command lines, and the telephone never reads.
namespace provlab {

Expected<MacAddress> parse_mac(std::string_view text);     ///< `00:09:52:00:00:0E`, any case
Expected<Endpoint> parse_endpoint(std::string_view text);  ///< `192.0.2.1:53`

/// Reads a quantity with its unit: `250us`, `30ms`, `2s`, `1.5s`, `5min`, `24h`. A bare number is
/// an error that says which units exist.
Expected<Duration> parse_duration(std::string_view text);

/// Reads `YYYY-MM-DDTHH:MM:SS[.fraction]Z` (RFC 3339, UTC only).
Expected<WallTime> parse_wall_time(std::string_view text);

/// Whether it is 1 to 32 letters, digits and `-` (SPEC 1.1).
bool valid_serial(std::string_view text);

}  // namespace provlab
