#pragma once
#include "sim/lab/language/names.hpp"

namespace provlab::lab {

/// `<race>`: which answers race, and the variants that come of it. It is read after the timeline,
/// whose check-syncs can race as well.
void read_race(const Element& race, Names& names, ScenarioPlan& plan);

}  // namespace provlab::lab
