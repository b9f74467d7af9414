#pragma once
#include "core/platform/trace.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/verdict/verdict.hpp"

namespace provlab::lab {

/// Compares what happened with what was expected, and with what holds of every run
/// (invariants.hpp). Reads nothing but the trace (D1), and looks at all expectations that the
/// variant has. `slack` widens all times: what came over a wire cannot be there to the nanosecond.
Verdict judge(const ScenarioPlan& plan, const Variant& variant, const Trace& trace,
              Duration slack = Duration::zero());

}  // namespace provlab::lab
