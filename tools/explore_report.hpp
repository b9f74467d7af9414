#pragma once
#include <string>
#include <vector>

#include "sim/lab/explore/explorer.hpp"
#include "sim/lab/suite/what_if.hpp"

/// What an exploration has found, for machines, and in which settings its outcomes part.
namespace provlab::tools {

/// How an exploration stands to the baseline that it was compared with.
struct BaselineDrift {
  std::string file;                   ///< empty: it was compared with none
  std::vector<std::string> appeared;  ///< outcomes that the file does not know
  std::vector<std::string> gone;

  bool holds() const { return appeared.empty() && gone.empty(); }
};

struct ExploreReport {
  std::string file;
  std::string scenario;
  std::string conditions;  ///< `window 200ms, faults 0`
  const lab::Exploration& found;
  std::vector<lab::WhatIf> what_if;  ///< of the first outcomes, where asked for
  BaselineDrift drift;
  Duration time{};     ///< that it took
  bool early = false;  ///< somebody ended it
  int exit_code = 0;
};

/// The settings that are others at the end than after the natural run: `path: old → new`, with the
/// values of passwords and the users of URLs hidden.
std::vector<std::string> unlike_natural(const lab::Exploration& found,
                                        const settings::Configuration& configuration);

/// What was changed in a run, in words.
std::string circumstances(const std::vector<std::string>& departures);

std::string explore_json(const ExploreReport& report);
/// Two cases: that no invariant breaks, and that the outcomes are those of the baseline.
std::string explore_junit(const ExploreReport& report);

}  // namespace provlab::tools
