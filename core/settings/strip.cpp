#include "core/settings/strip.hpp"

#include <fmt/format.h>

#include "core/platform/text.hpp"
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

void tidy_attributes(pugi::xml_node element, const ElementModel& model) {
  for (const AttributeModel& known : model.attributes) {
    pugi::xml_attribute attribute = element.attribute(known.name.c_str());
    if (!attribute || !known.value.collapses) continue;
    const std::string_view value = attribute.value();
    const std::string tidied(trimmed(value));
    if (tidied.size() != value.size()) attribute.set_value(tidied.c_str());
  }
}

void tidy_value(pugi::xml_node element, const ValueModel& model) {
  if (!model.collapses || has_element_children(element)) return;
  const std::string text = text_of(element);
  const std::string_view tidied = trimmed(text);
  if (tidied.size() != text.size()) set_text(element, tidied);
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

void tidy(pugi::xml_node element, const ElementModel& model) {
  tidy_attributes(element, model);
  if (model.kind == Kind::open) return;
  if (model.kind == Kind::value) return tidy_value(element, model.value);
  if (!has_element_children(element) && !has_own_text(element)) element.remove_children();
  for (pugi::xml_node child = first_element(element); child; child = next_element(child)) {
    if (const ElementModel* known = model.child(child.name())) tidy(child, *known);
  }
}

}  // namespace provlab::settings
