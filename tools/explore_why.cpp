#include "tools/explore_why.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/machine/command_line.hpp"
#include "sim/lab/neighbours/failed_runs.hpp"
#include "tools/progress.hpp"

namespace provlab::tools {

namespace {

/// What is looked into: the first outcomes, then runs that break something and are none of these.
std::vector<lab::Deviations> runs_to_explain(const lab::Exploration& found) {
  std::vector<lab::Deviations> runs;
  const auto take = [&runs](const auto& rows) {
    const std::size_t count = std::min(rows.size(), lab::kMostFailuresExplained);
    for (std::size_t i = 0; i < count; ++i) {
      if (std::ranges::find(runs, rows[i].shortest) == runs.end()) runs.push_back(rows[i].shortest);
    }
  };
  take(found.outcomes);
  take(found.broken);
  return runs;
}

}  // namespace

std::vector<ExplainedRun> explain_outcomes(const lab::Shared<lab::ScenarioPlan>& plan,
                                           const lab::ExploreOptions& options,
                                           const WhyOptions& why, const lab::Exploration& found) {
  std::vector<ExplainedRun> all;
  const std::vector<lab::Deviations> runs = runs_to_explain(found);
  ProgressLine progress;
  lab::NeighbourOptions search = why.search(options.jobs, options.enough);
  search.progress = [&](std::size_t neighbours) {
    progress.show(fmt::format("--why: outcome {} of {}, {} neighbours", all.size() + 1, runs.size(),
                              neighbours));
  };
  try {
    for (const lab::Deviations& run : runs) {
      if (options.enough()) break;
      const lab::BaseRun base{.plan = plan,
                              .seed = options.seed != 0 ? options.seed : plan->seed,
                              .limits = options.limits,
                              .deviations = run,
                              .delivery = options.delivery};
      all.push_back({run, lab::search_neighbours(base, search)});
    }
  } catch (const lab::RunAbandoned&) {
    // What was found by then stays.
  }
  return all;
}

std::string compare_words(const ExploreReport& report, const lab::Deviations& run,
                          const lab::WhatIf& what_if) {
  if (!what_if.nearest) return {};
  const std::string operand = report.file + report.seed + "@" + lab::to_token(run);
  return fmt::format("{} compare{} {} {}@{}", lab::program_name(), report.terms,
                     lab::quoted_path(operand), report.seed, what_if.nearest->token);
}

std::vector<std::string> lines_of_run(const ExploreReport& report, const lab::Deviations& run) {
  const lab::WhatIf* const what_if = report.what_if(run);
  if (what_if == nullptr) return {};
  const std::string command = compare_words(report, run, *what_if);
  const std::size_t token = what_if->nearest ? what_if->nearest->token.size() : 0;
  return lab::what_if_lines(
      *what_if, {.goal = "comes to another outcome",
                 .replay = std::string_view(command).substr(0, command.size() - token)});
}

}  // namespace provlab::tools
