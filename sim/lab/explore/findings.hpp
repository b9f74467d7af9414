#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sim/lab/explore/coverage.hpp"

/// What an exploration has found.
namespace provlab::lab {

/// One outcome class, with the run of fewest departures that shows it.
struct OutcomeRow {
  OutcomeClass outcome;
  std::size_t runs = 0;
  std::set<std::uint64_t> orders{};  ///< classes of orders that come to it, where they are known
  Deviations shortest;
  std::vector<std::string> departures;
  settings::Configuration configuration;  ///< at the end of each of them

  /// Of classes, where they are known, else of runs.
  std::size_t count() const { return orders.empty() ? runs : orders.size(); }
};

/// A broken invariant, with the run of fewest departures that breaks it.
struct BrokenRow {
  BrokenInvariant broken;
  std::size_t runs = 0;
  std::set<std::uint64_t> orders{};  ///< classes of orders that break it, where they are known
  Deviations shortest;
  std::vector<std::string> departures;
};

/// What was not played, and why nothing is lost by that.
struct Pruned {
  std::size_t independent = 0;    ///< swaps of deliveries that touched nothing in common
  std::size_t covered = 0;        ///< orders for which another run stands
  std::size_t beyond_window = 0;  ///< swaps that would have a packet come later than may be
  std::size_t known_states = 0;   ///< choices whose state was known, where all orders are played
};

/// Runs with random priorities, a quarter of them for each depth from 1 to 4 in turn.
struct RandomRuns {
  static constexpr std::size_t kDepths = 4;

  std::uint64_t seed = 0;
  std::size_t runs = 0;
  std::size_t flows = 0;     ///< of the natural run
  std::size_t arrivals = 0;  ///< of the natural run

  static std::size_t depth_of(std::size_t run) { return run % kDepths + 1; }
  /// That a run of that depth shows what so many orders together bring about, at least, as far as
  /// the window lets packets wait: 1/(flows·arrivals^(depth-1)).
  double chance(std::size_t depth) const;
  /// That one of all runs of that depth does.
  double chance_of_all(std::size_t depth) const;
};

struct Exploration {
  std::size_t runs = 0;
  std::size_t classes = 0;  ///< of orders that differ by independent deliveries alone; 0 where
                            ///< all orders are played
  std::size_t choices = 0;  ///< points where something else could have happened
  Pruned pruned;
  std::size_t late = 0;     ///< runs for a late packet or the end of a wait that were no new class
  std::size_t strayed = 0;  ///< runs that did not come about as they were to
  std::size_t unexplored = 0;  ///< runs that budget, depth, `enough` or a fault left out
  std::map<std::string, std::size_t> left;  ///< of these in words: how many would begin so
  RandomRuns random;
  Coverage coverage;
  std::vector<OutcomeRow> outcomes;  ///< most frequent first
  std::vector<BrokenRow> broken;
  settings::Configuration natural;  ///< at the end of the run without departures
  std::string fault;  ///< of the lab, such as no memory left, which ended it early; else empty

  /// Takes a run in; the first is the natural one.
  void add(const ExploredRun& run);
  /// Takes in what another part of the same search has found.
  void add(const Exploration& part);
  /// Puts the most frequent outcomes first.
  void sort();
};

}  // namespace provlab::lab
