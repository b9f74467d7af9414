#pragma once
#include <vector>

#include "sim/lab/importing/draft_device.hpp"

namespace provlab::lab {

/// What began the phone's runs, what was done to it where that is known, and what others did of
/// themselves. With `patient` the scenario goes on for as long as the capture does.
void add_timeline(MarkupNode& scenario, const DraftInputs& inputs,
                  const std::vector<DraftTrigger>& triggers, bool patient);

}  // namespace provlab::lab
