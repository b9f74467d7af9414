#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/plan/plan.hpp"
#include "sim/lab/suite/suite_report.hpp"

namespace provlab::lab {

struct RunnerOptions {
  std::string filter;   ///< part or glob of a scenario's or variant's name; empty: all
  std::string variant;  ///< only this variant; empty: all
  std::optional<std::uint64_t> seed;  ///< instead of the scenarios' own
  bool twice = false;                 ///< run everything twice and compare the traces
  std::string trace_directory;        ///< where traces go; empty: nowhere
  std::string pcap_directory;         ///< where captures go; empty: nowhere
  std::string root = ".";             ///< what both lie in as the scenarios lie in this folder
  bool narrated = false;            ///< fill RunReport::narration
  unsigned jobs = 0;                  ///< threads; 0: as many as there are cores
  Shard shard;                        ///< which of the chosen runs to do
  Details details = Details::none;    ///< fill RunReport::detail
  /// Called now and then, from any thread but one at a time, with what is done and the total.
  std::function<void(std::size_t done, std::size_t total)> progress;
};

/// Scenario files among the arguments: files as they are; in folders every .xml file that begins
/// with <scenario>, sorted by name. A path that does not exist is an error.
Expected<std::vector<std::string>> find_scenarios(const std::vector<std::string>& paths);

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
