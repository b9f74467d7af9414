#include "core/settings/shape.hpp"

#include "core/platform/text.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

Shape shape_of(pugi::xml_node factory_element) {
  const std::string_view name = factory_element.name();
  const std::string_view parent = factory_element.parent().name();
  if (parent.empty()) {  // a section
    if (name == "templates") return {Kind::marked_list, "template", "name"};
    if (name == "users") return {Kind::marked_list, "user", "name"};
    if (name == "luaLibraries") return {Kind::marked_list, "luaLibrary", "name"};
    if (name == "identities") return {Kind::positional_list, "identity", ""};
    return {Kind::record, "", ""};
  }
  if (parent == "keys") return {Kind::marked_list, "key", "keyNumber"};
  if (parent == "sip") {
    if (name == "allowlist") return {Kind::plain_list, "allowlistEntry", ""};
    if (name == "whitelist") return {Kind::plain_list, "whitelistEntry", ""};
  }
  return {has_element_children(factory_element) ? Kind::record : Kind::value, "", ""};
}

std::optional<bool> read_switch(std::string_view value) {
  value = trimmed(value);
  if (value == "true" || value == "1") return true;
  if (value == "false" || value == "0") return false;
  return std::nullopt;
}

std::string shortest_number(std::string_view value) {
  std::string_view digits = trimmed(value);
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::string(value);
  }
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return (negative && digits != "0" ? "-" : "") + std::string(digits);
}

}  // namespace provlab::settings
