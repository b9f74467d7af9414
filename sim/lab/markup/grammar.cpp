#include "sim/lab/markup/grammar.hpp"

// A schema is read in two passes, since types may be used before they are defined: first every
// simple type, and an empty place for each complex one; then the complex types fill their places,
// with references to each other. What a type extends is read into it, and so are the groups of
// attributes, so that nobody has to follow anything when a document is judged.

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace provlab::lab {

namespace {

const xmlChar* chars(const std::string& text) {
  return reinterpret_cast<const xmlChar*>(text.c_str());
}

std::string required(xmlNode* node, const char* name) {
  auto value = attribute(node, name);
  if (!value)
    throw std::logic_error(fmt::format("scenario.xsd: <{}> without {}", name_of(node), name));
  return *value;
}

std::string documentation(xmlNode* node) {
  for (xmlNode* child : Children(node)) {
    if (name_of(child) == "annotation") return text_of(first_element(child));
  }
  return {};
}

[[noreturn]] void unreadable(xmlNode* node) {
  throw std::logic_error(fmt::format("scenario.xsd: <{}> is not understood", name_of(node)));
}

bool many(xmlNode* node) {
  return attribute(node, "maxOccurs").value_or("1") != "1";
}
unsigned least(xmlNode* node) {
  return attribute(node, "minOccurs").value_or("1") == "0" ? 0 : 1;
}

}  // namespace

bool Grammar::SimpleType::accepts(const std::string& value) const {
  if (!values.empty()) return std::find(values.begin(), values.end(), value) != values.end();
  return patterns.empty() || std::ranges::any_of(patterns, [&](const auto& pattern) {
           return xmlRegexpExec(pattern.get(), chars(value)) == 1;
         });
}

const Grammar::Attribute* Grammar::ComplexType::attribute(std::string_view attribute_name) const {
  const auto found = std::ranges::find(attributes, attribute_name, &Attribute::name);
  return found == attributes.end() ? nullptr : &*found;
}

const Grammar::Child* Grammar::ComplexType::child(std::string_view child_name) const {
  const auto found = std::ranges::find(children, child_name, &Child::name);
  return found == children.end() ? nullptr : &*found;
}

Grammar::Grammar(std::string_view xsd) {
  Complaints complaints("scenario.xsd");
  const auto document = XmlDocument::parse(xsd, complaints);
  if (!document) throw std::logic_error(complaints.sorted().front().to_string());
  // References may point forward, so the types exist before they are read.
  for (xmlNode* node : Children(document->root())) {
    if (name_of(node) == "simpleType") read_simple_type(node);
    if (name_of(node) == "complexType") complex_types_[required(node, "name")];
    if (name_of(node) == "attributeGroup") attribute_groups_[required(node, "name")] = node;
  }
  for (xmlNode* node : Children(document->root())) {
    if (name_of(node) == "complexType") read_complex_type(node);
    if (name_of(node) == "element") {
      root_name_ = required(node, "name");
      root_ = &complex_types_.at(required(node, "type"));
    }
  }
  attribute_groups_.clear();
}

void Grammar::read_simple_type(xmlNode* node) {
  SimpleType type;
  type.name = required(node, "name");
  type.description = documentation(node);
  for (xmlNode* child : Children(node)) {
    if (name_of(child) == "annotation") continue;
    if (name_of(child) != "restriction") unreadable(child);
    for (xmlNode* facet : Children(child)) {
      const std::string value = required(facet, "value");
      if (name_of(facet) == "enumeration") {
        type.values.push_back(value);
      } else if (name_of(facet) == "pattern") {
        xmlRegexp* compiled = xmlRegexpCompile(chars(value));
        if (compiled == nullptr) unreadable(facet);
        type.patterns.emplace_back(compiled, [](xmlRegexp* regexp) { xmlRegFreeRegexp(regexp); });
      } else {
        unreadable(facet);
      }
    }
  }
  const std::string name = type.name;
  simple_types_.emplace(name, std::move(type));
}

const Grammar::SimpleType* Grammar::simple(const std::string& name) const {
  const auto found = simple_types_.find(name);
  if (found == simple_types_.end()) {
    throw std::logic_error(fmt::format("scenario.xsd: no simple type '{}'", name));
  }
  return &found->second;
}

void Grammar::read_complex_type(xmlNode* node) {
  ComplexType& type = complex_types_.at(required(node, "name"));
  if (!type.name.empty()) return;  // was read as the base of another
  type.name = required(node, "name");
  type.description = documentation(node);
  type.mixed = attribute(node, "mixed") == "true";
  read_content(node, type);
}

void Grammar::read_content(xmlNode* node, ComplexType& type) {
  for (xmlNode* child : Children(node)) {
    const std::string_view name = name_of(child);
    if (name == "annotation") continue;
    if (name == "sequence" || name == "choice") {
      type.sequence = name == "sequence";
      type.choice_least = least(child);
      type.choice_many = many(child);
      read_particles(child, type);
    } else if (name == "attribute" || name == "attributeGroup") {
      read_attribute(child, type);
    } else if (name == "simpleContent" || name == "complexContent") {
      xmlNode* extension = first_element(child);
      const std::string base = required(extension, "base");
      if (name == "simpleContent") {
        type.text = simple(base);
      } else {
        for (xmlNode* other : Children(node->parent)) {
          if (name_of(other) == "complexType" && attribute(other, "name") == base) {
            read_content(other, type);
          }
        }
      }
      read_content(extension, type);
    } else {
      unreadable(child);
    }
  }
}

void Grammar::read_particles(xmlNode* node, ComplexType& type) {
  for (xmlNode* child : Children(node)) {
    if (name_of(child) == "any") {
      type.open = true;
    } else if (name_of(child) == "element") {
      type.children.push_back({required(child, "name"), &complex_types_.at(required(child, "type")),
                               least(child), many(child)});
    } else {
      unreadable(child);
    }
  }
}

void Grammar::read_attribute(xmlNode* node, ComplexType& type) {
  if (name_of(node) == "attributeGroup") {
    for (xmlNode* member : Children(attribute_groups_.at(required(node, "ref")))) {
      read_attribute(member, type);
    }
    return;
  }
  type.attributes.push_back({required(node, "name"), simple(required(node, "type")),
                             attribute(node, "use") == "required", documentation(node)});
}

}  // namespace provlab::lab
