#include "core/settings/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "core/platform/text.hpp"
#include "core/settings/document.hpp"
#include "core/settings/document_limits.hpp"
#include "core/settings/section.hpp"
#include "core/settings/xml_tree.hpp"
#include "core/settings/xpath.hpp"
#include "core/settings/xpath_cost.hpp"
#include "core/settings/xsd_value.hpp"

namespace provlab::settings {

namespace {

std::string_view from_section(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  if (path.starts_with("configuration/")) path.remove_prefix(14);
  return path;
}

/// Splits off the first step of a path.
std::string_view take_step(std::string_view& path) {
  const std::size_t slash = path.find('/');
  const std::string_view step = path.substr(0, slash);
  path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  return step;
}

/// The first element at a path of names, null where there is none.
pugi::xml_node element_at(const Configuration& configuration, std::string_view path) {
  path = from_section(path);
  const SectionPointer section = configuration.section(take_step(path));
  if (!section) return {};
  pugi::xml_node node = section->element();
  while (node && !path.empty()) node = child_named(node, take_step(path));
  return node;
}

/// The text of the first element at a path of names, null where there is none.
const std::string* text_at(const Configuration& configuration, std::string_view path) {
  path = from_section(path);
  const std::string_view name = take_step(path);
  for (const SectionPointer& section : configuration.sections()) {
    if (section->name() == name) return section->text_at(path);
  }
  return nullptr;
}

bool is_name(std::string_view step) {
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; };
  return !step.empty() && !is_digit(step.front()) && step.front() != '-' &&
         std::ranges::all_of(step, fits);
}

/// Whether a path is made of names alone, as most are: what it selects is found without XPath.
bool is_of_names(std::string_view path) {
  path = from_section(path);
  if (path.empty() || path.ends_with('/') || path.starts_with("configuration")) return false;
  while (!path.empty()) {
    if (!is_name(take_step(path))) return false;
  }
  return true;
}

/// The string values of the elements that a path of names leads to from `node`.
void put_values(pugi::xml_node node, std::string_view path, std::vector<std::string>& values) {
  if (path.empty()) return values.push_back(string_value(node));
  const std::string_view name = take_step(path);
  for (auto child = first_element(node); child; child = next_element(child)) {
    if (name_of(child) == name) put_values(child, path, values);
  }
}

/// All sections side by side in one document, for expressions that may reach several.
pugi::xml_document side_by_side(const std::vector<SectionPointer>& sections) {
  pugi::xml_document all;
  for (const SectionPointer& section : sections) all.append_copy(section->element());
  return all;
}

std::vector<std::string> values_of(const pugi::xpath_query& query, pugi::xml_node context) {
  std::vector<std::string> values;
  switch (query.return_type()) {
    case pugi::xpath_type_node_set: {
      for (const pugi::xpath_node& node : nodes_in_order(query, context)) {
        values.push_back(node.attribute() ? std::string(node.attribute().value())
                                          : string_value(node.node()));
      }
      break;
    }
    case pugi::xpath_type_boolean:
      values.emplace_back(query.evaluate_boolean(context) ? "true" : "false");
      break;
    default:
      values.push_back(query.evaluate_string(context));
      break;
  }
  return values;
}

}  // namespace

Configuration::Configuration() {
  static const auto none = std::make_shared<const std::vector<SectionPointer>>();
  sections_ = none;
}

Configuration::Configuration(std::vector<SectionPointer> sections)
    : sections_(std::make_shared<const std::vector<SectionPointer>>(std::move(sections))) {}

Expected<Configuration> Configuration::parse(std::string_view xml) {
  const auto document = read_document(xml, {});
  if (!document) return std::unexpected(document.error());
  const pugi::xml_node root = document->xml->document_element();
  if (name_of(root) != "configuration") {
    return fail(fmt::format("root element '{}' is not configuration", shortened(root.name())));
  }
  std::vector<SectionPointer> sections;
  for (pugi::xml_node section = first_element(root); section; section = next_element(section)) {
    auto draft = std::make_unique<pugi::xml_document>();
    draft->append_copy(section);
    draft->document_element().remove_attribute("patch");
    sections.push_back(std::make_shared<const Section>(std::move(draft)));
  }
  return Configuration(std::move(sections));
}

std::string Configuration::to_xml() const {
  constexpr std::string_view kStart = "<configuration>";
  constexpr std::string_view kEnd = "</configuration>";
  std::string out;
  out.reserve(kStart.size() + octets() + kEnd.size());
  out += kStart;
  for (const SectionPointer& section : *sections_) out += section->xml();
  out += kEnd;
  return out;
}

std::size_t Configuration::octets() const {
  std::size_t octets = 0;
  for (const SectionPointer& section : *sections_) octets += section->xml().size();
  return octets;
}

std::string Configuration::text(std::string_view path, std::string_view fallback) const {
  const std::string* text = text_at(*this, path);
  return text == nullptr ? std::string(fallback) : *text;
}

bool Configuration::flag(std::string_view path, bool fallback) const {
  const std::string* text = text_at(*this, path);
  return text == nullptr ? fallback : read_switch(*text).value_or(fallback);
}

std::vector<std::string> Configuration::texts(std::string_view path) const {
  std::vector<std::string> values;
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return values;
  const std::string_view name = path.substr(slash + 1);
  const pugi::xml_node parent = element_at(*this, path.substr(0, slash));
  for (pugi::xml_node child = first_element(parent); child; child = next_element(child)) {
    if (name_of(child) == name) values.push_back(text_of(child));
  }
  return values;
}

Expected<std::vector<std::string>> Configuration::select(std::string_view xpath) const {
  if (xpath.size() > kMaxPathOctets) {
    return fail(fmt::format("the path is longer than {} octets", kMaxPathOctets));
  }
  if (is_of_names(xpath)) {
    std::vector<std::string> values;
    std::string_view path = from_section(xpath);
    if (const SectionPointer only = section(take_step(path))) {
      put_values(only->element(), path, values);
    }
    return values;
  }
  const std::string expression = paths_from_section(xpath);
  try {
    const pugi::xpath_query query(expression.c_str());
    const SectionPointer only = section(only_section(expression));
    const pugi::xml_document all = only ? pugi::xml_document() : side_by_side(*sections_);
    const pugi::xml_node tree = only ? only->element().root() : pugi::xml_node(all);
    if (auto checked = check_cost(expression, tree); !checked) {
      return fail(checked.error().to_string(), std::string(xpath));
    }
    return values_of(query, tree);
  } catch (const pugi::xpath_exception& error) {
    return fail(fmt::format("invalid XPath at character {}: {}", error.result().offset,
                            error.result().description()),
                std::string(xpath));
  }
}

std::vector<std::string> Configuration::section_names() const {
  std::vector<std::string> names;
  for (const SectionPointer& section : *sections_) names.emplace_back(section->name());
  return names;
}

SectionPointer Configuration::section(std::string_view name) const {
  for (const SectionPointer& section : *sections_) {
    if (section->name() == name) return section;
  }
  return nullptr;
}

const std::vector<SectionPointer>& Configuration::sections() const {
  return *sections_;
}

Configuration Configuration::with(SectionPointer section) const {
  std::vector<SectionPointer> sections = *sections_;
  const auto place = std::ranges::find(sections, section->name(), &Section::name);
  if (place == sections.end()) {
    sections.push_back(std::move(section));
  } else {
    *place = std::move(section);
  }
  return Configuration(std::move(sections));
}

bool Configuration::equals(const Configuration& other) const {
  if (sections_ == other.sections_) return true;
  if (sections_->size() != other.sections_->size()) return false;
  for (std::size_t i = 0; i < sections_->size(); ++i) {
    if (!(*sections_)[i]->same_as(*(*other.sections_)[i])) return false;
  }
  return true;
}

}  // namespace provlab::settings
