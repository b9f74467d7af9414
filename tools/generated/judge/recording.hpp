#pragma once
#include <vector>

#include "tools/generated/judge/trial.hpp"

namespace provlab::mutants {

/// What came of a trial that was played in a process of its own, without a mutant.
struct Recording {
  bool passed = false;
  Duration spent{};                   ///< on it
  std::vector<unsigned char> places;  ///< by number of mutants, up to kMost: whether it was reached
};

/// Plays each trial once, `jobs` at a time. The caller has no threads.
std::vector<Recording> recorded_apart(const std::vector<Trial>& trials, unsigned jobs);

}  // namespace provlab::mutants
