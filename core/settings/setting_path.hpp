#pragma once
#include <pugixml.hpp>
#include <string>

#include "core/platform/error.hpp"
#include "core/settings/model.hpp"

namespace provlab::settings {

/// The element that a path written by hand names, for its value to be set: an XPath from the
/// section that selects one value. With the path of a plain list's element the list is left with
/// that one element, made where there was none. `draft` holds the section, `model` is the
/// section's. The error says what there is instead.
Expected<pugi::xml_node> element_to_set(const pugi::xml_document& draft, const ElementModel& model,
                                        const std::string& path);

}  // namespace provlab::settings
