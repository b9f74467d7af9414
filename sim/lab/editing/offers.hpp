#pragma once
#include <vector>

#include "sim/lab/editing/offer.hpp"
#include "sim/lab/editing/open_scenario.hpp"

namespace provlab::lab {

struct Offers {
  LooseDocument::Span typed;  ///< what they replace
  std::vector<Offer> list;
};

/// All that fits the place, whatever has been typed of it; who asks filters by that. Nothing inside
/// comments.
Offers offers_at(const OpenScenario& scenario, std::size_t offset);

}  // namespace provlab::lab
