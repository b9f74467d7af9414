#pragma once
#include <cstdint>

#include "core/platform/time.hpp"

/// What a plugged-in world takes of the machine once, at its start.
namespace provlab::wire {

/// Another one with each start, as ports and sequence numbers of a phone must be (RFC 9293 3.4.1);
/// of 63 bits, so that it is the same number in every report.
std::uint64_t fresh_seed();
/// The machine's own clock: of captures, and of daemons, for which no network has another.
WallTime wall_time();

}  // namespace provlab::wire
