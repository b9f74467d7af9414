#pragma once
#include <cstdint>

namespace provlab::world {

/// Whether octet number `a` of a stream comes before `b`; numbers wrap (RFC 9293 3.4). Holds for
/// timestamps alike (RFC 7323 5.2).
inline bool before(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) < 0;
}

}  // namespace provlab::world
