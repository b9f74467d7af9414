#pragma once
#include <optional>
#include <string>

#include "sim/lab/editing/open_scenario.hpp"

/// The language explained in Markdown: by the words of its schema, and of the specification.
namespace provlab::lab {

std::string explanation_of(const std::string& name, const Grammar::ComplexType& element);
std::string explanation_of(const Grammar::Attribute& attribute);

struct Explanation {
  LooseDocument::Span about;
  std::string text;
};
/// Of what stands at the offset: an element, an attribute, or what its value names. Nothing where
/// there is nothing to say.
std::optional<Explanation> explanation_at(const OpenScenario& scenario, std::size_t offset);

/// Where something is written that the value at the offset names.
struct Destination {
  std::string file;
  LooseDocument::Span place;  ///< in the scenario itself; else the file's beginning
};
std::optional<Destination> destination_at(const OpenScenario& scenario, std::size_t offset);

}  // namespace provlab::lab
