#pragma once
#include <cstddef>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>

/// Small tools over pugixml trees that hold settings. Such trees are clean: no comments, no
/// processing instructions, no attributes of namespaces, and white-space-only text only in elements
/// without element children. pugixml's own deep copies therefore keep them as they are.
///
/// Loops here go by first_child() and next_sibling(): pugixml is a shared library, and each of its
/// range-based loops costs three times the calls.
namespace provlab::settings {

/// How settings documents are parsed when nothing that could carry a value may be dropped: clean()
/// is needed after it, unless the text is in the canonical form of append_xml().
inline constexpr unsigned kParseEverything = pugi::parse_cdata | pugi::parse_escapes |
                                             pugi::parse_eol | pugi::parse_wconv_attribute |
                                             pugi::parse_ws_pcdata;
/// Drops white space between elements. That is exact only where neither CDATA nor comments stand
/// beside it.
inline constexpr unsigned kParseElements =
    (kParseEverything & ~pugi::parse_ws_pcdata) | pugi::parse_ws_pcdata_single;

bool is_blank(std::string_view text);

inline std::string_view name_of(pugi::xml_node node) {
  return node.name();
}
inline bool is_element(pugi::xml_node node) {
  return node.type() == pugi::node_element;
}
bool has_element_children(pugi::xml_node node);
/// How many elements there are below `node`, and how many levels of them; any depth can be asked.
std::size_t count_elements(pugi::xml_node node);
std::size_t levels_below(pugi::xml_node node);
pugi::xml_node first_element(pugi::xml_node node);
pugi::xml_node next_element(pugi::xml_node node);
pugi::xml_node child_named(pugi::xml_node node, std::string_view name);

/// Whether the element's own text has anything but white space.
bool has_own_text(pugi::xml_node element);
/// The element's own text: character data and CDATA joined.
std::string text_of(pugi::xml_node element);
void set_text(pugi::xml_node element, std::string_view text);
/// XPath's string value: the text of the element and all its descendants.
std::string string_value(pugi::xml_node node);

/// `provisioning/sip/active`: from the section's element down to this one.
std::string path_of(pugi::xml_node element);

/// Attributes that say how to read a document and are no settings: `xmlns…`, `xsi:…`, `xml:…`.
bool is_control_attribute(std::string_view name);

/// Makes a tree clean: takes away control attributes and insignificant white space.
void clean(pugi::xml_node element);

/// Appends the canonical form: no white space of its own, everything escaped so that reading gives
/// the same tree back.
void append_xml(pugi::xml_node node, std::string& out);

/// The same settings: attribute order and the way text is written do not matter.
bool same_settings(pugi::xml_node a, pugi::xml_node b);

}  // namespace provlab::settings
