#pragma once
#include <string_view>
#include <vector>

#include "sim/lab/editing/offer.hpp"
#include "sim/lab/editing/open_scenario.hpp"

namespace provlab::lab {

/// Whether a value is words with spaces between them, each of which is offered by itself.
bool names_several(const Grammar::Attribute& attribute);

/// What an attribute of an element can be: the values that its type lists, or what it names as far
/// as that is known. `typed` is what stands before the cursor.
std::vector<Offer> value_offers(const OpenScenario& scenario, std::size_t element,
                                const Grammar::Attribute& attribute, std::string_view typed);

}  // namespace provlab::lab
