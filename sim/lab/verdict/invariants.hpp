#pragma once
#include <vector>

#include "sim/lab/plan/plan.hpp"
#include "sim/lab/verdict/invariants/broken_invariant.hpp"
#include "sim/record/trace.hpp"

namespace provlab::lab {

/// What a run broke of the promises that hold of every run (SPEC 10), by the trace (D18), in the
/// order of the trace. Reads the trace once. I11 takes two runs (`run --twice`).
std::vector<BrokenInvariant> broken_invariants(const ScenarioPlan& plan, const Trace& trace);

}  // namespace provlab::lab
