#pragma once
#include <string>

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
  bool needed = false;    ///< an element or attribute that must be there
};

}  // namespace provlab::lab
