#pragma once
#include "sim/lab/explaining/trial.hpp"
#include "sim/lab/importing/draft_world.hpp"

namespace provlab::lab {

/// What a capture leaves open although a scenario explains it, as sentences: what was not answered,
/// how a run began, and what the phone could have been all the same, which is tried.
std::vector<std::string> what_is_unknown(const Bench& bench, const DraftWorld& world,
                                         const std::string& scenario, std::size_t& runs);

}  // namespace provlab::lab
