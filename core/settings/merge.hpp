#pragma once
#include <cstddef>
#include <pugixml.hpp>
#include <string>
#include <vector>

#include "core/platform/error.hpp"

namespace provlab::settings {

/// Settings that the release does not know and that were therefore left out (SPEC 6.3). The first
/// few by path, so that a hostile document cannot flood the trace.
struct Stripped {
  static constexpr std::size_t kNamed = 32;
  std::vector<std::string> paths;
  std::size_t count = 0;

  void add(pugi::xml_node element, std::string_view below = {});
};

enum class MergeMode : int { merge, replace };

/// Merges a section of a document into `target`, leaf by leaf (SPEC 5.3, 5.4). To replace, the
/// target is a copy of the factory defaults, which supply what the document leaves out (SPEC 6.5),
/// and lists are taken as given. `factory` is the section of the factory defaults: it says which
/// settings exist and what they are. On error the target is spoilt; its place is the setting's
/// path.
Expected<void> merge_section(pugi::xml_node target, pugi::xml_node factory, pugi::xml_node given,
                             MergeMode mode, Stripped& stripped);

}  // namespace provlab::settings
