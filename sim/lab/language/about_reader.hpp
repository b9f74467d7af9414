#pragma once
#include "sim/lab/language/element.hpp"
#include "sim/lab/plan/plan.hpp"

namespace provlab::lab {

/// `<about>`: what the scenario shows, and of which rules of the specification.
void read_about(const Element& about, ScenarioPlan& plan);

}  // namespace provlab::lab
