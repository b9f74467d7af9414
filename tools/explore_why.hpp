#pragma once
#include <string>
#include <vector>

#include "tools/explore_report.hpp"
#include "tools/why_options.hpp"

namespace provlab::tools {

/// Of the first outcomes and broken invariants what would have led to another outcome (D64), each
/// run once; fewer where it is ended early.
std::vector<ExplainedRun> explain_outcomes(const lab::Shared<lab::ScenarioPlan>& plan,
                                           const lab::ExploreOptions& options,
                                           const WhyOptions& why, const lab::Exploration& found);

/// The command that shows this run of the exploration beside the nearest with another outcome;
/// empty where there is none.
std::string compare_words(const ExploreReport& report, const lab::Deviations& run,
                          const lab::WhatIf& what_if);

/// The lines below the outcome or invariant that this run shows; none where nobody has looked.
std::vector<std::string> lines_of_run(const ExploreReport& report, const lab::Deviations& run);

}  // namespace provlab::tools
