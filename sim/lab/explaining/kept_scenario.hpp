#pragma once
#include "sim/lab/explaining/search.hpp"
#include "sim/lab/importing/draft_scenario.hpp"

namespace provlab::lab {

/// A hypothesis as a person would have written it: with times and waits left out where the run
/// without them explains the capture just as well.
Hypothesis read_well(const Bench& bench, const Hypothesis& found, const DraftOptions& options);

/// Its scenario under another name: `about` begins with what is supposed, and expected is what the
/// phone comes to by it.
std::string kept_scenario(const Bench& bench, const Hypothesis& hypothesis,
                          const std::string& name);

}  // namespace provlab::lab
