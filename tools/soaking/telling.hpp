#pragma once
#include <string>
#include <vector>

#include "sim/lab/suite/suite_report.hpp"

namespace provlab::tools {

/// Expectations, as text of a scenario, that should hold of `ours` and fail of `theirs`, two runs
/// of one scenario with their details; what a user of the phone notices first comes first: results,
/// winners, requests, settings, then what the phone records. Empty where nothing tells them apart.
std::vector<std::string> telling_expectations(const lab::RunReport& ours,
                                              const lab::RunReport& theirs);

}  // namespace provlab::tools
