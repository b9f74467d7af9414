#pragma once
#include <string>

#include "tools/comparing/run_loader.hpp"
#include "tools/explore_report.hpp"

namespace provlab::tools {

/// What an exploration has found, as a page; `seed`: 0 is the scenario's own. The first outcomes
/// and broken invariants are played again as `load` says, so that their runs can be drawn.
std::string explore_page(const ExploreReport& report, LoadOptions load, std::uint64_t seed);

}  // namespace provlab::tools
