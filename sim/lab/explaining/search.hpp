#pragma once
#include <functional>
#include <string>
#include <vector>

#include "sim/lab/explaining/assumption.hpp"
#include "sim/lab/explaining/trial.hpp"
#include "sim/lab/importing/draft_world.hpp"

namespace provlab::lab {

/// Assumptions with what a run by them came to.
struct Hypothesis {
  std::vector<Assumption> assumptions;
  std::string text;  ///< of the scenario
  Trial trial;
  /// In that order: fewer assumptions, likelier kinds and nearer paces, order of being found.
  std::size_t cost() const;
};

struct SearchLimits {
  std::size_t runs = 0;            ///< at most
  std::size_t assumptions = 2;     ///< at once
  unsigned jobs = 0;               ///< threads; 0: one per core
  std::function<bool()> enough{};  ///< asked between batches
  /// Told between batches: runs so far, and up to when the best of them says the same.
  std::function<void(std::size_t, Duration)> progress{};
};

struct SearchResult {
  std::vector<Hypothesis> found;       ///< that explain the capture, the best first
  std::optional<Hypothesis> farthest;  ///< of those that do not, that which goes on longest
  std::size_t runs = 0;
  bool exhausted = true;  ///< everything was tried; else the budget ended it
};

/// Tries a scenario with ever more assumptions, best first: those that go on longest before they
/// part from the capture are tried with another assumption. Ends with the fewest assumptions that
/// explain it. The result is the same for every number of jobs.
///
/// `closer`: the scenario says the same already, and what is nearer in pace and repetitions is
/// searched.
SearchResult search(const Bench& bench, const DraftWorld& world, const std::string& scenario,
                    bool closer, const SearchLimits& limits);

/// The text with what is assumed; empty where one of them cannot be.
std::string with_assumptions(const std::string& scenario,
                             const std::vector<Assumption>& assumptions);

}  // namespace provlab::lab
