#pragma once
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>

/// Small tools over pugixml trees that hold settings. White-space-only text counts only in elements
/// without element children; comments and processing instructions are never in such trees.
namespace provlab::settings {

/// How every settings document is parsed: nothing that could carry a value is dropped.
inline constexpr unsigned kParseFlags = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol |
                                        pugi::parse_wconv_attribute | pugi::parse_ws_pcdata;

bool is_blank(std::string_view text);
std::string_view trimmed(std::string_view text);

inline std::string_view name_of(pugi::xml_node node) {
  return node.name();
}
inline bool is_element(pugi::xml_node node) {
  return node.type() == pugi::node_element;
}
bool has_element_children(pugi::xml_node node);
pugi::xml_node first_element(pugi::xml_node node);
pugi::xml_node next_element(pugi::xml_node node);
pugi::xml_node child_named(pugi::xml_node node, std::string_view name);

/// The element's own text: character data and CDATA joined.
std::string text_of(pugi::xml_node element);
void set_text(pugi::xml_node element, std::string_view text);
/// XPath's string value: the text of the element and all its descendants.
std::string string_value(pugi::xml_node node);

/// `provisioning/sip/active`: from the section's element down to this one.
std::string path_of(pugi::xml_node element);

/// Attributes that say how to read a document and are no settings: `xmlns…`, `xsi:…`, `xml:…`.
bool is_control_attribute(std::string_view name);

/// Copies a tree as it is stored: without control attributes and insignificant white space.
void append_clean_copy(pugi::xml_node parent, pugi::xml_node source);
/// Takes attributes and content of `source` in place of the target's own.
void replace_content(pugi::xml_node target, pugi::xml_node source);

/// Appends the canonical form: no white space of its own, everything escaped so that reading gives
/// the same tree back.
void append_xml(pugi::xml_node node, std::string& out);

/// The same settings: attribute order and the way text is written do not matter.
bool same_settings(pugi::xml_node a, pugi::xml_node b);

}  // namespace provlab::settings
