#include "tools/settings_text.hpp"

#include <fmt/format.h>

#include <string_view>

#include "core/platform/visible.hpp"
#include "core/settings/differences.hpp"
#include "core/settings/section.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::tools {

namespace {

using settings::append_xml;
using settings::first_element;
using settings::has_element_children;
using settings::has_own_text;
using settings::next_element;

/// The element's start tag: its canonical form without content, opened.
std::string start_tag(pugi::xml_node element) {
  pugi::xml_document holder;
  pugi::xml_node shell = holder.append_child(element.name());
  for (auto each = element.first_attribute(); each; each = each.next_attribute()) {
    shell.append_copy(each);
  }
  std::string tag;
  append_xml(shell, tag);
  tag.replace(tag.size() - 2, 2, ">");
  return tag;
}

/// White space is added only where it means nothing: around elements that stand without text.
void indent(pugi::xml_node element, std::size_t depth, std::string& out) {
  out.append(2 * depth, ' ');
  if (!has_element_children(element) || has_own_text(element)) {
    append_xml(element, out);
  } else {
    out += start_tag(element) + '\n';
    for (auto child = first_element(element); child; child = next_element(child)) {
      indent(child, depth + 1, out);
    }
    out.append(2 * depth, ' ').append("</").append(element.name()).append(">");
  }
  out += '\n';
}

}  // namespace

std::string indented(pugi::xml_node root) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  indent(root, 0, out);
  return visible(out, Layout::markup);
}

std::string indented(const settings::Configuration& configuration) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("configuration");
  root.append_attribute("patchDefault").set_value("false");
  for (const auto& section : configuration.sections()) root.append_copy(section->element());
  return indented(root);
}

std::vector<std::string> difference_lines(const settings::Configuration& from,
                                          const settings::Configuration& to) {
  std::vector<std::string> lines;
  for (const settings::Difference& each : settings::differences(from, to)) {
    lines.push_back(each.order_only ? each.path + ": the same settings in another order"
                                    : fmt::format("{}: {} → {}", each.path, each.from, each.to));
  }
  return lines;
}

}  // namespace provlab::tools
