#pragma once
#include <string>
#include <vector>

#include "sim/lab/plan/plan.hpp"
#include "sim/lab/suite/runner_options.hpp"
#include "sim/lab/suite/suite_report.hpp"

namespace provlab::lab {

/// Loads every file; `plans` in the order of the files, null where there are complaints.
struct LoadedSuite {
  std::vector<Shared<ScenarioPlan>> plans;
  std::vector<Complaint> complaints;
  std::size_t unreadable = 0;
};
LoadedSuite load_all(const std::vector<std::string>& files, unsigned jobs);

/// Loads and runs. Worlds of different runs are spread over threads; results keep their order.
SuiteReport run_suite(const std::vector<std::string>& files, const RunnerOptions& options);

}  // namespace provlab::lab
