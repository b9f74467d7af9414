#pragma once
#include "core/platform/trace.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/verdict/verdict.hpp"

namespace provlab::lab {

/// Compares what happened with what was expected, and with what holds of every run
/// (invariants.hpp). Reads nothing but the trace (D1), and looks at all expectations that the
/// variant has.
Verdict judge(const ScenarioPlan& plan, const Variant& variant, const Trace& trace);

}  // namespace provlab::lab
