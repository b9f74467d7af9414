#pragma once
#include <functional>

#include "sim/lab/neighbours/base_run.hpp"

namespace provlab::lab {

struct SurroundingsOptions {
  Duration window{};                                         ///< how much later a packet may come
  bool losses = false;                                       ///< packets may also be lost
  bool doubles = false;                                      ///< or come twice
  std::size_t budget = 0;                                    ///< runs, at most
  unsigned jobs = 0;                                         ///< threads; 0: one per core
  std::function<bool()> enough = [] { return false; };       ///< asked between batches
  std::function<void(std::size_t runs)> progress = nullptr;  ///< told between batches
};

/// Runs around one that come to the same and break the same.
struct SurroundingsRow {
  OutcomeClass outcome;
  std::vector<std::string> broken;  ///< as PlayedNeighbour::broken
  std::size_t runs = 0;
  Mishaps nearest;  ///< of the first of them
};

/// All that can happen to one packet more, or otherwise to one, within a window (D61, D73).
struct Surroundings {
  std::size_t runs = 0;      ///< that differ in what happens, the middle included
  std::size_t unplayed = 0;  ///< runs that budget or `enough` left out, at least
  bool middle_came_about = false;
  std::vector<SurroundingsRow> rows;  ///< that of the middle first, then as they were found
};

/// Plays the run with these mishaps, and all in which one packet more comes later or behind the
/// next, or one of the mishaps is another or none. Of delays to which the same happens one is
/// played. The result is the same for every number of jobs.
Surroundings surroundings(const BaseRun& base, const Mishaps& middle,
                          const SurroundingsOptions& options);

}  // namespace provlab::lab
