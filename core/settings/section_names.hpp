#pragma once
#include <string_view>
#include <vector>

namespace provlab::settings {

/// The sections known by name (SPEC 6.5), in the order of the document. A release has some of them
/// or all.
const std::vector<std::string_view>& known_sections();
bool is_known_section(std::string_view name);

}  // namespace provlab::settings
