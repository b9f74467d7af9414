#pragma once
#include <optional>

#include "sim/lab/pages/sequence.hpp"
#include "sim/lab/trace/logged_event.hpp"

namespace provlab::lab {

/// What a sequence diagram tells beside packets: the decisions and what was done to the phone.
/// Nothing for events that packets or other marks tell of. The lifeline is left at 0.
std::optional<Mark> mark_of(const LoggedEvent& event);

}  // namespace provlab::lab
