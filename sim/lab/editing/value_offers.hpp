#pragma once
#include <string_view>
#include <vector>

#include "sim/lab/editing/offer.hpp"
#include "sim/lab/editing/open_scenario.hpp"

namespace provlab::lab {

/// The part of a value, at an offset in it, that is offered and explained by itself: one word where
/// its type says that it is words with spaces between them, else all of it.
LooseDocument::Span part_of_value(const LooseDocument& loose, const Grammar::Attribute& attribute,
                                  LooseDocument::Span value, std::size_t offset);

/// What an attribute of an element can be: the values that its type lists, or what it names as far
/// as that is known. `typed` is what stands before the cursor.
std::vector<Offer> value_offers(const OpenScenario& scenario, std::size_t element,
                                const Grammar::Attribute& attribute, std::string_view typed);

}  // namespace provlab::lab
