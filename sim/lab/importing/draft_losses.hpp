#pragma once
#include "sim/lab/importing/draft_responders.hpp"

namespace provlab::lab {

/// `lose`: SYNs that the phone had to send again.
void add_losses(MarkupNode& world, const DraftInputs& inputs);

}  // namespace provlab::lab
