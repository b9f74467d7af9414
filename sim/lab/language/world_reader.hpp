#pragma once
#include "sim/lab/language/names.hpp"

namespace provlab::lab {

/// `<world>`: the link, the hosts and what gets lost between them.
void read_world(const Element& world, const Names& names, ScenarioPlan& plan);

/// Gives each host its segment, once phone and responders are known: hosts of the phone's own
/// network hear its broadcasts, the others are the rest of the world.
void place_hosts(const Element& scenario, const Names& names, ScenarioPlan& plan);

}  // namespace provlab::lab
