#pragma once
#include "sim/lab/explore/findings.hpp"

namespace provlab::lab {

/// Plays the scenario with every order of deliveries (D19), of orders that come to the same only
/// one (D55): the natural one first. Race and expectations are left out, and the invariants are
/// watched. The result is the same for every number of jobs. Of several shards (D67) it is a part,
/// which Exploration::add() puts together.
Exploration explore(const Shared<ScenarioPlan>& plan, const ExploreOptions& options);

}  // namespace provlab::lab
