#pragma once
#include <vector>

#include "sim/lab/comparing/compared_run.hpp"

namespace provlab::lab {

/// Of the steps that a run has alone those that lead to its outcome, as the causes of the trace say
/// it: what a reader wants to know of the way from where the runs part to the end.
std::vector<std::size_t> chain_of(const ComparedRun& run, const std::vector<std::size_t>& alone);

}  // namespace provlab::lab
