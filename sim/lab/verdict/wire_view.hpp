#pragma once
#include <string>
#include <vector>

#include "sim/lab/plan/plan.hpp"

namespace provlab::lab {

/// Something that a scenario says and that nobody can see, or do, from the servers' side of a wire.
struct NotOnWire {
  int line = 0;
  std::string text;    ///< the expectation as written
  std::string reason;  ///< a sentence without full stop
};

/// What of a scenario can be played and judged where the phone is a real one, on the other end of a
/// wire. Zero is the moment at which it booted.
struct WireView {
  /// The same scenario without the rest, and with moments that a wire shows: what hangs on the end
  /// of a run hangs on the last that the phone said. The boot that begins it is not on its
  /// timeline.
  ScenarioPlan plan;
  std::vector<NotOnWire> not_judged;  ///< expectations
  std::vector<NotOnWire> not_done;    ///< actions
};
/// A phone that has said nothing for as long as `quiet` has done what it had to do.
WireView wire_view(const ScenarioPlan& plan, Duration quiet);

/// Why a variant cannot be arranged for a real phone; empty where it can.
std::string not_arranged(const ScenarioPlan& plan, const Variant& variant);

}  // namespace provlab::lab
