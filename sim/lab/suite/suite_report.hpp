#pragma once
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/lab/contents/contents.hpp"
#include "sim/lab/machine/command_line.hpp"
#include "sim/lab/markup/complaint.hpp"
#include "sim/lab/plan/daemon.hpp"
#include "sim/lab/plan/purpose.hpp"
#include "sim/lab/suite/shard.hpp"
#include "sim/lab/suite/what_if.hpp"
#include "sim/lab/verdict/differences.hpp"
#include "sim/lab/verdict/verdict.hpp"

namespace provlab::lab {

/// Which runs keep what only their pages show.
enum class Details {
  none,
  failed,
  sampled,  ///< failed ones, and one of each scenario
  all
};
/// Whether a run with this outcome keeps it; `first`: it is the first of its scenario.
bool keeps(Details details, Outcome outcome, bool first = false);

/// What a page of a run shows beside its verdict. Secrets are hidden in it (D45).
struct RunDetail {
  std::string trace;                    ///< as JSON lines
  std::vector<Difference> settings;     ///< the phone's at the end, against the start
  std::string source;                   ///< the scenario's text
  std::vector<PacketContent> contents;  ///< what packets of the trace say
};

/// What became of one variant of one scenario. All reports are written from these (D21).
struct RunReport {
  std::size_t position = 0;  ///< among the suite's runs, from 1, whatever the shard
  std::string scenario;
  std::string variant;  ///< empty where the scenario has no race
  std::string token;    ///< of what happened to packets beside the scenario; empty: nothing did
  std::string file;
  std::string about;
  std::uint64_t seed = 1;
  std::string sources_root;  ///< as in RunnerOptions
  Verdict verdict;
  std::uint64_t checksum = 0;            ///< of the trace
  std::size_t events = 0;                ///< in the trace
  Duration virtual_time{};               ///< when the scenario ended
  Duration wall_time{};                  ///< spent on it, by the real clock
  std::vector<std::string> narration;    ///< the readable time line, where asked for
  std::optional<RunDetail> detail;       ///< where asked for
  std::optional<WhatIf> what_if;         ///< what would have changed it, where asked for
  std::vector<DaemonLog> logs;           ///< of its daemons, where it has any
  std::string trace_file;                ///< where the trace was written; empty: nowhere
  std::string capture_file;              ///< the same of the capture
  bool on_wire = false;                  ///< by the real clock, over a cable
  std::size_t variants = 1;              ///< that its scenario has
  std::vector<IdlePurpose> idle;         ///< what the scenario has that did nothing in it
  std::string interface;                 ///< where it was served to a real phone; empty: nowhere
  std::vector<Error> unwritten;          ///< files of this run that could not be written
  std::string program = program_name();  ///< how the program was called

  std::string title() const;  ///< `name` or `name [variant]`
  /// The line of the scenario that shows best what is wrong; 0 where none does.
  int line_at_fault() const;
  /// `file:12`, or the file alone: a place in it.
  std::string place(int line) const;
  std::string repeat() const;  ///< the command that repeats exactly this run
  /// `file:12: expectation`, or `file: invariant I4` for what no line of the scenario says.
  std::string heading(const Finding& finding) const;
  /// The time line around a finding of this run. What an earlier finding shows is left out, but for
  /// the place itself; nothing where an earlier one shows the same place.
  std::vector<std::string> time_line(const Finding& finding) const;
};

/// A suite, or one shard of it.
struct SuiteReport {
  std::vector<RunReport> runs;        ///< in the order of files and variants
  std::vector<Complaint> complaints;  ///< about files that are no valid scenarios
  std::vector<Complaint> notes;       ///< of what scenarios that passed have in vain
  bool strict = false;                ///< notes are errors
  std::size_t files = 0;              ///< scenario files looked at
  std::size_t unreadable = 0;         ///< files that could not be read at all
  Shard shard;
  std::size_t total = 0;    ///< runs of all shards
  std::uint64_t suite = 0;  ///< checksum over what is to be run: equal for the shards of one suite
  Duration wall_time{};
  unsigned jobs = 1;
  bool ended_early = false;  ///< somebody ended it before all its runs were played

  std::size_t count(Outcome outcome) const;
  /// 0 passed, 1 failed, 2 unreadable, 3 invalid (or a note that is an error), 4 the lab's fault or
  /// a machine that is too slow, 130 ended early: what was played by then is no verdict on the
  /// suite. What was left out changes nothing.
  int exit_code() const;
};

}  // namespace provlab::lab
