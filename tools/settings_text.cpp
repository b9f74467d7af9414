#include "tools/settings_text.hpp"

#include <fmt/format.h>

#include <string_view>

#include "core/platform/user_info.hpp"
#include "core/settings/section.hpp"
#include "core/settings/xml_tree.hpp"
#include "sim/lab/verdict/differences.hpp"
#include "sim/text/visible.hpp"

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

/// A value as people are told it. That of `provisioning/url` is a URL also without a scheme.
std::string told(std::string_view path, std::string_view value) {
  return path == "provisioning/url" ? shown_url(value) : hide_user_info(value);
}

/// Hides the credentials in the texts of an element and in those within it.
void hide_credentials(pugi::xml_node element, const std::string& path) {
  for (pugi::xml_attribute each : element.attributes()) {
    each.set_value(told("", each.value()).c_str());
  }
  for (pugi::xml_node child : element.children()) {
    if (child.type() == pugi::node_element) {
      hide_credentials(child, path.empty() ? child.name() : path + '/' + child.name());
    } else {
      child.set_value(told(path, child.value()).c_str());
    }
  }
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

std::string indented(const settings::Configuration& configuration, Credentials credentials) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("configuration");
  root.append_attribute("patchDefault").set_value("false");
  for (const auto& section : configuration.sections()) root.append_copy(section->element());
  if (credentials == Credentials::hidden) hide_credentials(root, "");
  return indented(root);
}

std::vector<std::string> difference_lines(const settings::Configuration& from,
                                          const settings::Configuration& to) {
  std::vector<std::string> lines;
  for (const lab::Difference& each : lab::differences(from, to)) {
    lines.push_back(each.order_only
                        ? each.path + ": the same settings in another order"
                        : fmt::format("{}: {} → {}", each.path, told(each.path, each.from),
                                      told(each.path, each.to)));
  }
  return lines;
}

}  // namespace provlab::tools
