#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/settings/configuration.hpp"
#include "core/settings/section.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

/// All values and attributes of a configuration by path; elements of lists are told apart by their
/// marking attribute, `key[3]`, or by position.
using Flat = std::map<std::string, std::string>;

inline std::string flat_step(pugi::xml_node element) {
  const std::string name = element.name();
  for (const char* marking : {"keyNumber", "name"}) {
    if (const auto mark = element.attribute(marking)) return name + "[" + mark.value() + "]";
  }
  if (!element.previous_sibling(name.c_str()) && !element.next_sibling(name.c_str()) &&
      !name.ends_with("Entry")) {
    return name;
  }
  std::size_t position = 1;
  for (auto before = element.previous_sibling(name.c_str()); before;
       before = before.previous_sibling(name.c_str())) {
    ++position;
  }
  return name + "[" + std::to_string(position) + "]";
}

inline void flatten(pugi::xml_node element, const std::string& path, Flat& flat) {
  for (auto attribute = element.first_attribute(); attribute;
       attribute = attribute.next_attribute()) {
    flat[path + "/@" + attribute.name()] = attribute.value();
  }
  if (!has_element_children(element)) {
    const std::string text = text_of(element);
    if (!text.empty()) flat[path] = text;
    return;
  }
  for (auto child = first_element(element); child; child = next_element(child)) {
    flatten(child, path + "/" + flat_step(child), flat);
  }
}

inline Flat flattened(const Configuration& configuration) {
  Flat flat;
  for (const auto& section : configuration.sections()) {
    flatten(section->element(), std::string(section->name()), flat);
  }
  return flat;
}

/// White space can be seen in quotes only.
inline std::string flat_value(const std::string& value) {
  return is_blank(value) ? "'" + value + "'" : value;
}

/// What differs, `path: old -> new`, in order of the paths; nothing stands for empty or absent.
inline std::vector<std::string> difference(const Configuration& from, const Configuration& to) {
  Flat before = flattened(from);
  Flat after = flattened(to);
  Flat all = before;
  all.insert(after.begin(), after.end());
  std::vector<std::string> lines;
  for (const auto& [path, value] : all) {
    if (before[path] == after[path]) continue;
    std::string line = path + ":";
    if (!before[path].empty()) line += " " + flat_value(before[path]);
    line += " ->";
    if (!after[path].empty()) line += " " + flat_value(after[path]);
    lines.push_back(line);
  }
  return lines;
}

}  // namespace provlab::settings
