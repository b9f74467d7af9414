#pragma once
#include <bitset>
#include <string_view>
#include <vector>

#include "sim/record/trace.hpp"

namespace provlab::lab {

/// Rules of the specification (or cases of one) whose working shows in a trace by an event.
inline constexpr std::size_t kMostSightings = 128;
using Sightings = std::bitset<kMostSightings>;

/// Which of them a trace shows, as indices into sighted_rules().
Sightings sightings_of(const Trace& trace);
/// Their names, such as `2.14 no-url`.
const std::vector<std::string_view>& sighted_rules();

}  // namespace provlab::lab
