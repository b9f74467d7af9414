#pragma once
#include "sim/lab/neighbours/base_run.hpp"

namespace provlab::lab {

/// Whether the run passes with all of these mishaps.
inline bool passes(const BaseRun& base, const Mishaps& mishaps) {
  const PlayedNeighbour run = play_neighbour(base, mishaps);
  return run.came && run.passed;
}

}  // namespace provlab::lab
