#pragma once
#include <optional>

#include "core/platform/host.hpp"

namespace provlab::wire {

/// What one end of a TCP connection does in a test: sends so much, expects so much.
struct StreamTask {
  std::size_t sends = 0;
  std::size_t expects = 0;
  std::uint32_t seed = 1;                  ///< of what it sends
  std::uint32_t peer_seed = 2;             ///< of what it expects
  bool answers = false;                    ///< sends only when the peer has ended its side
  bool slow = false;                       ///< reads little at a time, so that its window closes
  std::optional<std::size_t> resets_at{};  ///< after so much that it has read
};

/// How it ended there. Where a side has reset the connection both ends are in error.
struct StreamEnd {
  enum class Kind { right, error, wrong, running };
  Kind kind = Kind::running;
  std::size_t received = 0;  ///< octets that were right
  std::string why;
};

/// Octets that are their own proof: any shift or swap shows.
inline Bytes numbered_octets(std::size_t count, std::uint32_t seed) {
  Bytes octets(count);
  std::uint32_t state = seed * 2654435761U + 1;
  for (std::uint8_t& octet : octets) {
    state = state * 1664525U + 1013904223U;
    octet = static_cast<std::uint8_t>(state >> 24);
  }
  return octets;
}

}  // namespace provlab::wire
