#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/explore/explorer.hpp"
#include "sim/lab/suite/shard.hpp"
#include "sim/lab/suite/what_if.hpp"

/// What an exploration has found, for machines, and in which settings its outcomes part.
namespace provlab::tools {

/// What JSON of an exploration says that it is of.
inline constexpr std::string_view kExplorationKind = "exploration";

/// How an exploration stands to the baseline that it was compared with.
struct BaselineDrift {
  std::string file;                   ///< empty: it was compared with none
  std::vector<std::string> appeared;  ///< outcomes that the file does not know
  std::vector<std::string> gone;

  bool holds() const { return appeared.empty() && gone.empty(); }
};

/// A setting that is another at the end than after the natural run, with the values of passwords
/// and the users of URLs hidden.
struct ShownDifference {
  std::string path;
  std::string from;
  std::string to;
  bool order_only = false;

  std::string to_string() const;  ///< `path: old → new`
};

/// What would have led a run to another outcome.
struct ExplainedRun {
  lab::Deviations run;
  lab::WhatIf what_if;
};

struct ExploreReport {
  std::string file;
  std::string scenario;
  std::string about{};       ///< what the scenario is for
  std::string conditions{};  ///< `window 200ms, faults 0`
  std::string replay{};      ///< the command that plays one of its tokens again, up to the token
  std::string terms{};       ///< options that its tokens need, each behind a blank
  std::string seed{};        ///< `@seed=7` where it is not the scenario's own
  lab::Shard shard{};
  std::string revision{};  ///< of the program
  lab::Exploration found{};
  std::vector<std::vector<ShownDifference>> unlike{};  ///< of each outcome
  std::vector<ExplainedRun> explained{};  ///< of the first outcomes and broken invariants, where
                                          ///< asked for
  BaselineDrift drift{};
  Duration time{};     ///< that it took; of shards the longest
  bool early = false;  ///< somebody ended it
  int exit_code = 0;

  /// Null where nobody has looked.
  const lab::WhatIf* what_if(const lab::Deviations& run) const;
};

/// Of each outcome.
std::vector<std::vector<ShownDifference>> unlike_natural(const lab::Exploration& found);

/// What was changed in a run, in words.
std::string circumstances(const std::vector<std::string>& departures);

std::string explore_json(const ExploreReport& report);
/// Two cases: that no invariant breaks, and that the outcomes are those of the baseline.
std::string explore_junit(const ExploreReport& report);

}  // namespace provlab::tools
