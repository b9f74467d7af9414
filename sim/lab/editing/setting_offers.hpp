#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/editing/offer.hpp"
#include "sim/lab/editing/open_scenario.hpp"

/// The settings of the phone that a scenario has, as its release's schemas know them: for paths,
/// for what they can be, and for documents that are written into a scenario.
namespace provlab::lab {

/// Paths that go on from the last slash of `typed`.
std::vector<Offer> setting_path_offers(const OpenScenario& scenario, std::string_view typed);

/// What the setting can be that the element's `path` names, where its values are few.
std::vector<Offer> setting_value_offers(const OpenScenario& scenario, std::size_t element);

/// What the schema says of a path; empty where it knows none such.
std::string setting_explanation(const OpenScenario& scenario, std::string_view path);

/// The elements that may stand in an element of a document, or as a document in one of the
/// scenario. `before` is what is written before their names.
std::vector<Offer> document_offers(const OpenScenario& scenario, std::size_t element,
                                   std::string_view before);

}  // namespace provlab::lab
