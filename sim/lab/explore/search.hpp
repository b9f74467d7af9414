#pragma once
#include <functional>
#include <set>
#include <vector>

#include "sim/lab/explore/findings.hpp"

/// What searches through the orders of deliveries have in common.
namespace provlab::lab {

/// Runs between two looks at what came of them; no number of jobs changes it.
inline constexpr std::size_t kBatch = 256;

/// An exploration as far as it has come.
struct Search {
  const Shared<ScenarioPlan>& plan;
  const ExploreOptions& options;
  Exploration found;
  std::size_t played = 0;             ///< runs of the search, also those that do not count
  bool counts = true;                 ///< what is played belongs to this part of the search
  std::size_t waiting = 0;            ///< runs known of when the last batch began
  std::set<std::uint64_t> classes{};  ///< of orders that were played

  /// How many of `known` runs may be played next.
  std::size_t allowed(std::size_t known) const;
  /// Takes in what a run has shown.
  void take(const ExploredRun& run);
  /// `count` runs at once, in the order of their numbers.
  std::vector<ExploredRun> play(std::size_t count,
                                const std::function<ExploredRun(std::size_t)>& run) const;
};

/// Each order, in rising number of departures; a state that is known is not gone on from.
void search_all_orders(Search& search);

/// Of orders that differ by independent deliveries alone one (D55).
void search_classes(Search& search);

/// As many runs as the options say beside those of the search, by priorities that are drawn.
void search_at_random(Search& search);

}  // namespace provlab::lab
