#pragma once
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "core/platform/error.hpp"

namespace provlab::wire {

/// What the kernel refused, and what it says why.
inline std::unexpected<Error> system_failed(std::string_view what, int number = errno) {
  return fail(fmt::format("{}: {}", what, std::strerror(number)));
}

}  // namespace provlab::wire
