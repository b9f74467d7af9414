#pragma once
#include <vector>

#include "sim/lab/plan/plan.hpp"
#include "sim/lab/verdict/invariants/broken_invariant.hpp"
#include "sim/record/trace.hpp"

namespace provlab::lab {

/// What a real phone broke of the promises that hold of every run (SPEC 10), as far as a wire shows
/// it, by the trace of those who serve it:
///  I3, I5: once a document was delivered, no source of a later stage or of the same one is asked,
///  until the phone has been quiet, or something was done to it.
///  I4: of the URLs that redirect service and multicast gave, the one that arrived first is asked
///  for first.
///  I8: it boots as often as it was told to.
/// What cannot be known from outside counts for the phone: which other URLs it had, and why it
/// begins anew after a silence.
std::vector<BrokenInvariant> broken_on_wire(const ScenarioPlan& plan, const Trace& trace);

}  // namespace provlab::lab
