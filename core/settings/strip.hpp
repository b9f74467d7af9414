#pragma once
#include <cstddef>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/settings/model.hpp"

namespace provlab::settings {

/// Settings that the release does not know and that were therefore left out (SPEC 6.3). The first
/// few by path, so that a hostile document cannot flood the trace.
struct Stripped {
  static constexpr std::size_t kNamed = 32;
  std::vector<std::string> paths;
  std::size_t count = 0;

  void add(pugi::xml_node element, std::string_view below = {});
};

/// Takes away the elements and attributes that the release's schema does not know, the element
/// itself excepted, and notes each. What it knows, but not with such a content, stays: whether that
/// is valid is for the judge to say.
void strip(pugi::xml_node element, const ElementModel& model, Stripped& stripped);

/// Takes the white space away that is no part of a setting: around the values of an element and all
/// below it, where the schema's types let it collapse, and inside of records without settings.
/// Documents are indented, and what is stored should not depend on how.
void tidy(pugi::xml_node element, const ElementModel& model);

}  // namespace provlab::settings
