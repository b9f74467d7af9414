#pragma once
#include <optional>
#include <string>

#include "sim/lab/plan/plan.hpp"

namespace provlab::lab {

/// What a person is to do to a real phone so that an action of the timeline happens: `press Start
/// provisioning`; nothing where it is the servers' doing.
std::optional<std::string> asked_of_person(const Action& action);

}  // namespace provlab::lab
