#include "tools/explore_why.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/machine/command_line.hpp"
#include "sim/lab/neighbours/failed_runs.hpp"
#include "tools/progress.hpp"

namespace provlab::tools {

std::vector<lab::WhatIf> explain_outcomes(const lab::Shared<lab::ScenarioPlan>& plan,
                                          const lab::ExploreOptions& options, const WhyOptions& why,
                                          const lab::Exploration& found) {
  std::vector<lab::WhatIf> all;
  const std::size_t count = std::min(found.outcomes.size(), lab::kMostFailuresExplained);
  ProgressLine progress;
  lab::NeighbourOptions search = why.search(options.jobs, options.enough);
  search.progress = [&](std::size_t neighbours) {
    progress.show(
        fmt::format("--why: outcome {} of {}, {} neighbours", all.size() + 1, count, neighbours));
  };
  try {
    for (std::size_t i = 0; i < count && !options.enough(); ++i) {
      const lab::BaseRun base{.plan = plan,
                              .seed = options.seed != 0 ? options.seed : plan->seed,
                              .limits = options.limits,
                              .deviations = found.outcomes[i].shortest,
                              .delivery = options.delivery};
      all.push_back(lab::search_neighbours(base, search));
    }
  } catch (const lab::RunAbandoned&) {
    // What was found by then stays.
  }
  return all;
}

std::vector<std::string> lines_of_outcome(const lab::WhatIf& what_if, const std::string& file) {
  const std::string token = what_if.nearest ? what_if.nearest->token : std::string();
  // Beside the run itself, whose token stands in front of that of the neighbour.
  const std::string replay =
      fmt::format("{} compare {} @", lab::program_name(),
                  lab::quoted_path(file + "@" + token.substr(0, token.find('@'))));
  return lab::what_if_lines(what_if, {.goal = "comes to another outcome", .replay = replay});
}

}  // namespace provlab::tools
