#pragma once
#include "sim/lab/comparing/comparison.hpp"

namespace provlab::lab {

/// What is the same in two runs by their causes (D54), and what is not. `matching` is theirs.
Comparison compare_runs(const ComparedRun& a, const ComparedRun& b, const Matching& matching,
                        Duration slack);

}  // namespace provlab::lab
