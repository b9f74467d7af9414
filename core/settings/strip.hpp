#pragma once
#include <cstddef>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/settings/model.hpp"

namespace provlab::settings {

/// What was left out of a section because the release does not know it (SPEC 6.3). Only the first
/// few are kept by path: a hostile document must not flood the trace.
struct Stripped {
  static constexpr std::size_t kNamed = 32;
  std::vector<std::string> paths;
  std::size_t count = 0;

  void add(pugi::xml_node element, std::string_view below = {});
};

/// Takes away what the release's schema does not know, among the attributes of an element and in
/// all below it, and notes each. A setting that the schema knows stays, whatever its value: the
/// judge says whether that is valid.
void strip(pugi::xml_node element, const ElementModel& model, Stripped& stripped);

/// Takes away the white space that is no part of a setting: around values whose type lets it
/// collapse, and inside of records without settings. How a document is indented then makes no
/// difference to what is stored.
void tidy(pugi::xml_node element, const ElementModel& model);

}  // namespace provlab::settings
