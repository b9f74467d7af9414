#pragma once
#include "sim/lab/plan/plan.hpp"

namespace provlab::lab {

/// The scenario with all rules of responders ended at `moment`: from then on every server does what
/// it does without them. What a server has wrong without a rule stays so.
Shared<ScenarioPlan> healed_at(const ScenarioPlan& plan, Instant moment);

/// Whether anything of the scenario can end: a rule, or a loss.
bool can_heal(const ScenarioPlan& plan);

}  // namespace provlab::lab
