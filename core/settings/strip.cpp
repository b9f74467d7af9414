#include "core/settings/strip.hpp"

#include <fmt/format.h>

#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

namespace {

void strip_attributes(pugi::xml_node element, const ElementModel& model, Stripped& stripped) {
  for (auto attribute = element.first_attribute(); attribute;) {
    const auto next = attribute.next_attribute();
    if (model.attribute(attribute.name()) == nullptr) {
      stripped.add(element, fmt::format("@{}", attribute.name()));
      element.remove_attribute(attribute);
    }
    attribute = next;
  }
}

}  // namespace

void Stripped::add(pugi::xml_node element, std::string_view below) {
  ++count;
  if (paths.size() == kNamed) return;
  std::string path = path_of(element);
  if (!below.empty()) path.append("/").append(below);
  paths.push_back(std::move(path));
}

void strip(pugi::xml_node element, const ElementModel& model, Stripped& stripped) {
  if (!model.open_attributes) strip_attributes(element, model, stripped);
  if (model.kind == Kind::open || model.kind == Kind::value) return;
  for (pugi::xml_node child = first_element(element); child;) {
    const pugi::xml_node next = next_element(child);
    if (const ElementModel* known = model.child(child.name())) {
      strip(child, *known, stripped);
    } else {
      stripped.add(child);
      element.remove_child(child);
    }
    child = next;
  }
}

}  // namespace provlab::settings
