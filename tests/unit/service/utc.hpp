#pragma once
#include <chrono>
#include <string_view>

#include "core/platform/time.hpp"
#include "sim/text/parse.hpp"

namespace provlab::service {

/// The whole second of an ISO 8601 time; what is not one ends the test.
inline std::chrono::sys_seconds utc(std::string_view text) {
  return std::chrono::floor<std::chrono::seconds>(parse_wall_time(text).value());
}

}  // namespace provlab::service
