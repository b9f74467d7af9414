#include "sim/lab/importing/markup_node.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/markup/scenario_text.hpp"

namespace provlab::lab {

namespace {

void put(const MarkupNode& from, pugi::xml_node to) {
  for (const auto& [name, value] : from.attributes) {
    to.append_attribute(name.c_str()).set_value(value.c_str());
  }
  if (!from.inside.empty()) {
    pugi::xml_document document;
    document.load_buffer(from.inside.data(), from.inside.size());
    for (const pugi::xml_node child : document.children()) to.append_copy(child);
  } else if (!from.text.empty()) {
    to.append_child(pugi::node_pcdata).set_value(from.text.c_str());
  }
  for (const MarkupNode& child : from.children) put(child, to.append_child(child.name.c_str()));
}

}  // namespace

bool MarkupNode::has(std::string_view attribute) const {
  return std::ranges::any_of(attributes, [&](const auto& each) { return each.first == attribute; });
}

std::string MarkupNode::value(std::string_view attribute) const {
  const auto found =
      std::ranges::find_if(attributes, [&](const auto& each) { return each.first == attribute; });
  return found == attributes.end() ? std::string() : found->second;
}

std::string markup_text(const MarkupNode& root) {
  pugi::xml_document document;
  put(root, document.append_child(root.name.c_str()));
  return scenario_text(document);
}

std::string pairs_of_hex(std::string_view octets) {
  std::string text;
  text.reserve(2 * octets.size());
  for (const char octet : octets) {
    fmt::format_to(std::back_inserter(text), "{:02x}", static_cast<unsigned char>(octet));
  }
  return text;
}

bool is_plain_text(std::string_view text) {
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet > 0x7e) return false;
  }
  return true;
}

}  // namespace provlab::lab
