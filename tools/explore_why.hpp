#pragma once
#include <string>
#include <vector>

#include "tools/explore_report.hpp"
#include "tools/why_options.hpp"

namespace provlab::tools {

/// Of the first outcomes what would have led to another (D64); fewer where it is ended early.
std::vector<lab::WhatIf> explain_outcomes(const lab::Shared<lab::ScenarioPlan>& plan,
                                          const lab::ExploreOptions& options, const WhyOptions& why,
                                          const lab::Exploration& found);

/// The lines below one of these outcomes; `file` is the scenario's.
std::vector<std::string> lines_of_outcome(const lab::WhatIf& what_if, const std::string& file);

}  // namespace provlab::tools
