#pragma once
#include <vector>

#include "sim/lab/explaining/assumption.hpp"
#include "sim/lab/explaining/trial.hpp"
#include "sim/lab/importing/draft_world.hpp"

namespace provlab::lab {

/// What a run could have met on the wire behind the tap before it and the capture part: each of its
/// packets lost, each answer late, each datagram doubled; what is nearest to that point first.
/// `trial` has its packets.
std::vector<Assumption> mishap_candidates(const Conversation& captured, const DraftWorld& world,
                                          const Trial& trial);

/// What the phone could have been: its settings, what was stored, its release, its knobs. Values
/// come from what the capture holds.
std::vector<Assumption> device_candidates(const Conversation& captured, const DraftWorld& world,
                                          const Trial& trial, const std::string& scenario);

}  // namespace provlab::lab
