#pragma once
#include <vector>

#include "sim/lab/suite/suite_report.hpp"

namespace provlab::lab {

/// So many failed runs of races are shown beside a variant that passed.
inline constexpr std::size_t kMostFailuresBeside = 24;

/// Of the runs of a failed one's scenario those that passed and are most like it by their names
/// (variants that share how they begin and end differ in few answers), the likest first.
std::vector<std::size_t> passing_neighbours(const std::vector<RunReport>& runs, std::size_t failed);
/// The failed runs that have such neighbours, at most kMostFailuresBeside.
std::vector<std::size_t> failures_with_neighbours(const std::vector<RunReport>& runs);

}  // namespace provlab::lab
