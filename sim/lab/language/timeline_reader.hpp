#pragma once
#include "sim/lab/language/names.hpp"

namespace provlab::lab {

/// `<timeline>`: what is done, and when.
void read_timeline(const Element& timeline, Names& names, ScenarioPlan& plan);

}  // namespace provlab::lab
