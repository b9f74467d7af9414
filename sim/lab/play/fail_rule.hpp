#pragma once
#include "sim/lab/plan/plan.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

/// What `<fail>` of a scenario says of the phone's calls (D58), the first that fits; notes and
/// records what it let fail. All must outlive it. Empty where nothing fails.
world::HostFault fail_rules(world::VirtualHost& device, const std::vector<FailPlan>& plans,
                            Uses& uses);

}  // namespace provlab::lab
