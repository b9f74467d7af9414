#pragma once
#include <cstdint>
#include <string>

/// Scenarios made by chance. Each has some of the sources, responders, faults, documents, triggers
/// and accidents that there are (swarm testing, Groce et al. 2012). What a feature hides in one
/// run, a run without it shows.
///
/// Each has two phases. In the first anything may happen: faults, power cuts, check-syncs. In the
/// second all is in order: the phone is switched off and on and provisioned by hand, and that run
/// must end `provisioned` or `unchanged`.
namespace provlab::lab {

/// A scenario file, valid and complete in itself. The same for the same seed; `name` is its name.
std::string swarm_scenario(std::uint64_t seed, const std::string& name);

}  // namespace provlab::lab
