#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/plan.hpp"
#include "sim/lab/verdict.hpp"

namespace provlab::lab {

/// What became of one variant of one scenario. All reports are written from these.
struct RunReport {
  std::string scenario;
  std::string variant;  ///< empty where the scenario has no race
  std::string file;
  std::string about;
  std::uint64_t seed = 1;
  Verdict verdict;
  std::uint64_t checksum = 0;      ///< of the trace
  std::size_t events = 0;          ///< in the trace
  Duration virtual_time{};         ///< when the scenario ended
  Duration wall_time{};            ///< spent on it, by the real clock
  std::vector<std::string> lines;  ///< the readable time line, where asked for

  std::string title() const;   ///< `name` or `name [variant]`
  std::string repeat() const;  ///< the command that repeats exactly this run
  /// `file:12: expectation`, or `file: invariant I4` for what no line of the scenario says.
  std::string heading(const Finding& finding) const;
};

struct SuiteReport {
  std::vector<RunReport> runs;        ///< in the order of files and variants
  std::vector<Complaint> complaints;  ///< about files that are no valid scenarios
  std::size_t files = 0;              ///< scenario files looked at
  std::size_t unreadable = 0;         ///< files that could not be read at all
  Duration wall_time{};
  unsigned jobs = 1;

  std::size_t count(Outcome outcome) const;
  int exit_code() const;  ///< DESIGN: 0 passed, 1 failed, 2 unreadable, 3 invalid, 4 lab's fault
};

struct RunnerOptions {
  std::string filter;   ///< part or glob of a scenario's or variant's name; empty: all
  std::string variant;  ///< only this variant; empty: all
  std::optional<std::uint64_t> seed;  ///< instead of the scenarios' own
  bool twice = false;                 ///< run everything twice and compare the traces
  std::string trace_directory;        ///< where traces go; empty: nowhere
  std::string pcap_directory;         ///< where captures go; empty: nowhere
  bool time_lines = false;            ///< fill RunReport::lines
  unsigned jobs = 0;                  ///< threads; 0: as many as there are cores
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

/// One run, on this thread.
RunReport run_one(const Shared<ScenarioPlan>& plan, const Variant& variant,
                  const RunnerOptions& options);

}  // namespace provlab::lab
