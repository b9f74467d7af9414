#pragma once
#include "sim/lab/explaining/trial.hpp"
#include "sim/lab/importing/draft_world.hpp"

namespace provlab::lab {

/// Something unusual that made a difference: without it the phone does otherwise.
struct Decision {
  std::string oddity;       ///< a sentence without its full stop
  std::string consequence;  ///< the same
};

/// What decided in a scenario, found by playing it without each of its oddities; the rarest kinds
/// first. `runs`: how many that took.
std::vector<Decision> decisions_in(const Bench& bench, const DraftWorld& world,
                                   const std::string& scenario, unsigned jobs, std::size_t& runs);

}  // namespace provlab::lab
