#pragma once
#include "sim/lab/language/names.hpp"

namespace provlab::lab {

/// `<expect>`: what must come of it. It is read last, since it names everything else.
void read_expectations(const Element& expect, const Names& names, ScenarioPlan& plan);

}  // namespace provlab::lab
