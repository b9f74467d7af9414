#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sim/lab/plan/plan.hpp"
#include "sim/lab/suite/runner_options.hpp"
#include "sim/lab/suite/suite_report.hpp"

/// Which runs are to be done.
namespace provlab::lab {

/// A run that was chosen. Its plan owns the variant.
struct ChosenRun {
  Shared<ScenarioPlan> plan;
  const Variant* variant;
  std::size_t position;  ///< among the chosen, from 1
  std::string files;     ///< the name of what is written for it, where anything is
  bool first = false;    ///< of those of its scenario that are done here
};

/// The runs that filters and variants of the options leave, in the order of the plans. A null plan
/// is a file that could not be loaded.
std::vector<ChosenRun> chosen_runs(const std::vector<Shared<ScenarioPlan>>& plans,
                                   const RunnerOptions& options);

/// Differs where other runs are to be done, or the same runs of other scenarios or with other
/// seeds.
std::uint64_t identity_of_suite(const std::vector<ChosenRun>& runs, const SuiteReport& report,
                                const RunnerOptions& options);

/// Keeps the runs of one shard (D20). Runs are dealt out by the names of their files, so the order
/// in which files were given does not matter.
void keep_shard(std::vector<ChosenRun>& runs, const Shard& shard);

}  // namespace provlab::lab
