#pragma once
#include <cstdint>
#include <string>

/// Scenarios made by chance. Each takes part of everything that can be there (swarm testing, Groce
/// et al. 2012): some sources, some responders, some faults, documents, triggers and accidents, so
/// that what one feature hides another run shows.
///
/// Each has two phases. Until a moment all may happen: faults, power cuts, check-syncs. Then all is
/// in order, the phone is switched off and on and provisioned by hand, and that run must end
/// `provisioned` or `unchanged`.
namespace provlab::lab {

/// A scenario file, valid and complete in itself. The same for the same seed; `name` is its name.
std::string swarm_scenario(std::uint64_t seed, const std::string& name);

}  // namespace provlab::lab
