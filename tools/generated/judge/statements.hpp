#pragma once
#include <set>
#include <string>

#include "sim/lab/plan/plan.hpp"

namespace provlab::mutants {

/// What a scenario states of the phone (D63): a text for each thing that must or must not happen.
/// Left out is what differs from world to world, and whatever tells one scenario's place from
/// another's: hosts, addresses, URLs and paths, moments, counts, runs and reasons. Two texts are
/// the same where two scenarios want the same of the phone, each in its own world.
std::set<std::string> statements_of(const lab::ScenarioPlan& plan);

}  // namespace provlab::mutants
