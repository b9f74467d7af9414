#pragma once
#include "sim/lab/language/element.hpp"
#include "sim/lab/plan/plan.hpp"

namespace provlab::lab {

/// From the elements of a scenario, completed (see completion.hpp), to its plan. Each element of
/// the language has a reader of its own; this one conducts them. All complain and go on, so that
/// the author sees every slip at once.
void read_scenario(const Element& scenario, ScenarioPlan& plan);

}  // namespace provlab::lab
