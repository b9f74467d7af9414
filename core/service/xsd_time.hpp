#pragma once
#include <chrono>
#include <optional>
#include <string_view>

#include "core/platform/time.hpp"

/// Times as XML Schema writes them (XSD 1.0 part 2, 3.2.6 and 3.2.7). The callers' schema has
/// looked at the form; what is read here is bounded, whatever the number of digits.
namespace provlab::service {

/// An xs:dateTime. Years before 1900 and after 2199 count as those: far enough away.
struct XsdDateTime {
  std::chrono::local_time<Duration> local;
  std::optional<std::chrono::minutes> offset;  ///< how far local is ahead of UTC, where it says so
};
XsdDateTime read_xsd_date_time(std::string_view text);

/// An xs:duration such as `PT30S`, or a plain number of seconds. A month counts as 30 days and a
/// year as 365; more than a century counts as a century, and fractions end at the nanosecond.
Duration read_xsd_duration(std::string_view text);

}  // namespace provlab::service
