#include "core/settings/section_names.hpp"

#include <algorithm>

namespace provlab::settings {

const std::vector<std::string_view>& known_sections() {
  static const std::vector<std::string_view> names = {
      "provisioning", "network", "time",      "telephony",    "identities",
      "users",        "keys",    "templates", "luaLibraries", "userInterface",
      "update"};
  return names;
}

bool is_known_section(std::string_view name) {
  return std::ranges::find(known_sections(), name) != known_sections().end();
}

}  // namespace provlab::settings
