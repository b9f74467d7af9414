#pragma once
#include <vector>

#include "sim/lab/importing/draft_responders.hpp"

namespace provlab::lab {

/// Actions for hosts that are not there all the time: servers that refuse connections for a while,
/// and others who take the phone's address after it had it.
std::vector<MarkupNode> comings_and_goings(const DraftInputs& inputs);

}  // namespace provlab::lab
