#pragma once
#include <vector>

#include "sim/lab/explore/touch.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/world/world.hpp"

/// What of a scenario bears on the order of steps and is told by no event.
namespace provlab::lab {

/// A moment at which something begins or ends: what the phone does before comes to something else
/// than what it does after.
struct RuleTurn {
  Instant at{};  ///< by the phone's doings, so earlier than the rule's by the way to its server
  Touch touch{};
};

struct Backdrop {
  std::vector<RuleTurn> turns;  ///< in their order, one for each moment
  bool counts = false;          ///< packets are lost by their number
  bool chance = false;          ///< packets are late or lost by what is drawn for one after another
};

/// Of the world of that trace, whose hosts are those of the plan.
Backdrop backdrop_of(const ScenarioPlan& plan, const Trace& trace);

}  // namespace provlab::lab
