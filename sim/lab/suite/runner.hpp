#pragma once
#include <string>
#include <vector>

#include "core/settings/configuration.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/suite/runner_options.hpp"
#include "sim/lab/suite/selection.hpp"
#include "sim/lab/suite/suite_report.hpp"
#include "sim/world/pcapng.hpp"

namespace provlab::lab {

/// Loads every file; `plans` in the order of the files, null where there are complaints.
struct LoadedSuite {
  std::vector<Shared<ScenarioPlan>> plans;
  std::vector<Complaint> complaints;
  std::size_t unreadable = 0;
};
LoadedSuite load_all(const std::vector<std::string>& files, unsigned jobs,
                     const std::string& sources_root = {});

/// Loads and runs. Worlds of different runs are spread over threads; results keep their order.
SuiteReport run_suite(const std::vector<std::string>& files, const RunnerOptions& options);

// Its steps, for those who play in another way.

/// The report of a suite that has been loaded, with a place for each of the `chosen` runs.
SuiteReport begin_suite(const std::vector<std::string>& files, const RunnerOptions& options,
                        std::vector<ChosenRun>& chosen);
/// The report of a run before it was played.
RunReport begin_report(const ChosenRun& chosen, const RunnerOptions& options);
/// The fault of the lab is its verdict.
void break_verdict(RunReport& report, std::string reason);

/// What a play has left behind.
struct Played {
  const Trace& trace;
  const settings::Configuration& before;
  const settings::Configuration& after;
  const Uses& uses;
  const PacketLog& log;
  const world::PcapngWriter* capture = nullptr;
};
/// Puts it into the report, without secrets, and into the files that are asked for. `report` has
/// its verdict.
void tell_played(RunReport& report, const ChosenRun& chosen, const RunnerOptions& options,
                 const Played& played);
/// Concludes a report: what of its scenarios was in vain; of one that was ended early, which runs
/// are missing.
void conclude_suite(SuiteReport& report, const std::vector<ChosenRun>& chosen,
                    const RunnerOptions& options);
/// With what a capture of the run begins.
std::string capture_comment(const RunReport& report);
/// Gives the path of what it has written; nothing where it cannot be, which the report then says.
std::string write_for(RunReport& report, const std::string& folder, const std::string& name,
                      std::string_view content);
/// By the real clock, for people and for those who wait.
Duration wall_clock();

}  // namespace provlab::lab
