#pragma once
#include "sim/lab/importing/draft_responders.hpp"

namespace provlab::lab {

/// `race` in the order of the capture, where answers of the redirect service and of multicast were
/// under way together. The answers get their ids.
void add_race(MarkupNode& scenario, const DraftInputs& inputs);

}  // namespace provlab::lab
