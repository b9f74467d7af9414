#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "sim/lab/explore/explorer.hpp"

namespace provlab::lab {

/// Orders around one that come to the same and break the same.
struct NeighbourRow {
  OutcomeClass outcome;
  std::vector<std::string> broken;  ///< invariants, by their numbers
  std::size_t orders = 0;
  Deviations nearest;                   ///< of the one with the fewest swaps from the middle
  std::vector<std::string> departures;  ///< of that one, in words
};

/// All orders within some swaps of one (D61).
struct Neighbourhood {
  std::size_t orders = 0;    ///< that differ in what happens, the middle included
  std::size_t unplayed = 0;  ///< runs that budget or `enough` left out
  bool middle_came_about =
      false;  ///< else the deviations belong to another build or other conditions
  std::vector<NeighbourRow> rows;  ///< that of the middle first, then as they were found
  std::string fault;               ///< of the lab, which ended it early; else empty
};

/// Plays the order of these deviations, and every order that comes of it by up to `swaps` other
/// choices. Budget, threads, limits and conditions are those of an exploration; the result is the
/// same for every number of threads.
Neighbourhood neighbourhood(const Shared<ScenarioPlan>& plan, const ExploreOptions& options,
                            const Deviations& middle, std::size_t swaps);

}  // namespace provlab::lab
