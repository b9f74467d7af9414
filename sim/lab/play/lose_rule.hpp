#pragma once
#include "sim/lab/plan/plan.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

/// `<lose>` of a scenario as a rule of its network, which notes that it lost something. All must
/// outlive it.
world::PacketRule lose_rule(world::Loop& world, const LosePlan& plan, Uses& uses);

}  // namespace provlab::lab
