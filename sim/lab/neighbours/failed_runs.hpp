#pragma once
#include <functional>

#include "sim/lab/neighbours/neighbour_search.hpp"
#include "sim/lab/suite/suite_report.hpp"

namespace provlab::lab {

/// So many failed runs of a suite are looked into.
inline constexpr std::size_t kMostFailuresExplained = 24;

struct FailuresOptions {
  NeighbourOptions search{};  ///< of each run
  RunLimits limits{};         ///< of each run, and of each neighbour
  Secrets::Told secrets = Secrets::Told::hidden;
  /// Told between batches: of which failed run, of how many, and neighbours of it so far.
  std::function<void(std::size_t run, std::size_t of, std::size_t neighbours)> progress = nullptr;
};

/// Fills RunReport::what_if of failed runs, the first ones, as long as `search.enough` says no.
/// Scenarios are loaded again; one that cannot be is left. Gives how many failed runs were left.
std::size_t explain_failures(SuiteReport& suite, const FailuresOptions& options);

}  // namespace provlab::lab
