#pragma once
#include <string>
#include <vector>

#include "core/settings/configuration.hpp"

namespace provlab::lab {

/// One place of the settings where two configurations part, for people: long values are cut.
struct Difference {
  std::string path;  ///< `section/path`; list elements by marking attribute or by position
  std::string from;  ///< the value, or `(none)`, `(empty)`, `(settings)`
  std::string to;
  bool order_only = false;  ///< the section holds the same settings in another order
};

/// What differs, section by section in the order of the document.
std::vector<Difference> differences(const settings::Configuration& from,
                                    const settings::Configuration& to);

}  // namespace provlab::lab
