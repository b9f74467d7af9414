#include "core/settings/xsd_complaint.hpp"

#include <fmt/format.h>
#include <libxml/xmlerror.h>

#include "core/platform/text.hpp"
#include "core/settings/model.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

namespace {

/// The attribute that libxml2's message is about, empty where it is about the element.
std::string_view attribute_in(std::string_view message) {
  constexpr std::string_view kMark = ", attribute '";
  const std::size_t start = message.find(kMark);
  if (start == std::string_view::npos) return {};
  message.remove_prefix(start + kMark.size());
  return message.substr(0, message.find('\''));
}

/// libxml2's sentence without the element in front of it.
std::string bare(std::string_view message) {
  const std::size_t colon = message.find("': ");
  if (colon != std::string_view::npos) message.remove_prefix(colon + 3);
  message = trimmed(message);
  if (message.ends_with('.')) message.remove_suffix(1);
  return std::string(message);
}

std::string names_of(const ElementModel& model) {
  std::string names;
  for (const ElementModel& child : model.children) {
    names.append(names.empty() ? "" : ", ").append(child.name);
  }
  return names;
}

/// An element that is not expected where it stands, or one that lacks something.
std::string misplaced(pugi::xml_node element, const ElementModel* above) {
  if (above == nullptr) return "the setting is incomplete";
  if (above->is_list()) {
    return above->child(element.name()) == nullptr
               ? fmt::format("only {} elements are allowed here", above->element())
               : fmt::format("there are too many {} elements", above->element());
  }
  if (above->child(element.name()) == nullptr) {
    return fmt::format("this release knows no such setting; {} has {}", above->name,
                       names_of(*above));
  }
  return "the setting is there twice";
}

std::string bad_value(pugi::xml_node element, const ElementModel* model, std::string_view message) {
  const std::string_view name = attribute_in(message);
  if (!name.empty()) {
    const AttributeModel* attribute = model == nullptr ? nullptr : model->attribute(name);
    const auto given = element.attribute(std::string(name).c_str());
    if (attribute == nullptr) return bare(message);
    return fmt::format("{}=\"{}\" is not allowed; write {}", name, shortened(given.value()),
                       attribute->value.description);
  }
  if (model == nullptr || model->kind != Kind::value) return bare(message);
  const std::string text = text_of(element);
  return fmt::format("'{}' is not allowed; write {}", shortened(trimmed(text)),
                     model->value.description);
}

std::string missing_attributes(pugi::xml_node element, const ElementModel* model) {
  for (const AttributeModel& attribute : model->attributes) {
    if (attribute.required && !element.attribute(attribute.name.c_str())) {
      return fmt::format("attribute {} is missing", attribute.name);
    }
  }
  return "an attribute is missing";
}

}  // namespace

Error translate(const XsdViolation& violation, const ElementModel& section) {
  const pugi::xml_node element = violation.element;
  const ElementModel* model = model_at(section, element);
  const auto said = [&](std::string text) { return Error{std::move(text), path_of(element)}; };
  switch (violation.code) {
    case XML_SCHEMAV_ELEMENT_CONTENT:
      return said(misplaced(
          element, is_element(element.parent()) ? model_at(section, element.parent()) : nullptr));
    case XML_SCHEMAV_CVC_TYPE_3_1_1:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1:
      return said(fmt::format("attribute '{}' is not allowed here",
                              shortened(attribute_in(violation.message))));
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_4:
      return said(model == nullptr ? bare(violation.message) : missing_attributes(element, model));
    case XML_SCHEMAV_CVC_TYPE_3_1_2:  // shown was the element that is too much
      return {fmt::format("element '{}' inside a setting that holds text only",
                          shortened(element.name())),
              path_of(element.parent())};
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3: {
      const std::string text = text_of(element);
      return said(
          fmt::format("text '{}' where only elements are allowed", shortened(trimmed(text))));
    }
    case XML_SCHEMAV_CVC_IDC: {
      const ElementModel* list = model_at(section, element.parent());
      if (list == nullptr || list->marking.empty()) return said(bare(violation.message));
      return said(fmt::format("{} '{}' is there twice", list->marking,
                              shortened(element.attribute(list->marking.c_str()).value())));
    }
    default:
      return said(bad_value(element, model, violation.message));
  }
}

}  // namespace provlab::settings
