#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/editing/open_scenario.hpp"

namespace provlab::lab {

/// What can be written where somebody types.
struct Offer {
  enum class Kind { element, attribute, value, name, file, folder, end_tag };
  Kind kind = Kind::value;
  std::string label{};
  std::string text{};     ///< in place of what was typed
  std::string snippet{};  ///< the same with places to fill in, as LSP writes them; empty: as `text`
  std::string detail{};   ///< one line
  std::string about{};    ///< Markdown; mostly the schema's words
  bool needed = false;  ///< an element or attribute that must be there
};

/// Whether a value is words with spaces between them, each of which is offered by itself.
bool names_several(const Grammar::Attribute& attribute);

/// What an attribute of an element can be: the values that its type lists, or what it names as far
/// as that is known. `typed` is what stands before the cursor.
std::vector<Offer> value_offers(const OpenScenario& scenario, std::size_t element,
                                const Grammar::Attribute& attribute, std::string_view typed);

}  // namespace provlab::lab
