#pragma once
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/verdict/invariants/broken_invariant.hpp"
#include "sim/lab/verdict/verdict.hpp"
#include "sim/record/trace.hpp"

namespace provlab::lab {

struct Judging {
  Duration slack{};      ///< widens all times: over a wire nothing is there to the nanosecond
  bool on_wire = false;  ///< leaves out what says that it cannot hold there
};

/// Compares what happened with what was expected, and with what holds of every run
/// (invariants.hpp). Reads nothing but the trace (D1), and looks at all expectations that the
/// variant has.
Verdict judge(const ScenarioPlan& plan, const Variant& variant, const Trace& trace,
              const Judging& judging = {});
/// The same where somebody else has watched over the invariants.
Verdict judge(const ScenarioPlan& plan, const Variant& variant, const Trace& trace,
              const Judging& judging, const std::vector<BrokenInvariant>& broken);

/// The variant that a run came to whose packets did not come as `variant` has them: itself where
/// its race formed, else that of its release which has the answers in the order in which they came,
/// or without the one that did not. Itself where there is none.
const Variant& variant_as_it_came(const ScenarioPlan& plan, const Variant& variant,
                                  const Trace& trace);

/// Whether it is one of a run that exceeded a limit (D46).
bool was_stopped(const Verdict& verdict);

/// Whether an expectation is one of this variant.
bool applies(const Expectation& expectation, const Variant& variant);

}  // namespace provlab::lab
