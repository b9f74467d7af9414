#pragma once
#include <functional>

#include "sim/lab/neighbours/base_run.hpp"
#include "sim/lab/suite/what_if.hpp"

namespace provlab::lab {

struct NeighbourOptions {
  std::size_t budget = 4'000;  ///< neighbours played, at most
  std::size_t steps = 2;       ///< packets to which something else happens, at most
  unsigned jobs = 0;           ///< threads; 0: one per core
  std::function<bool()> enough = [] { return false; };       ///< asked between batches
  std::function<void(std::size_t runs)> progress = nullptr;  ///< told between batches
};

/// Searches the nearest run that passes, or of an exploration the nearest with another outcome
/// (D64): fewest packets first; of those that take as many, delays before doubles before losses,
/// and the shortest delay, which is exact to the nanosecond. Also up to when which outcome could be
/// reached by what was tried. The result is the same for every number of jobs.
WhatIf search_neighbours(const BaseRun& base, const NeighbourOptions& options);

}  // namespace provlab::lab
