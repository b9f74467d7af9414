#include "tools/settings_text.hpp"

#include <fmt/format.h>

#include <map>
#include <string_view>

#include "core/settings/section.hpp"
#include "core/settings/shape.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::tools {

namespace {

using settings::append_xml;
using settings::first_element;
using settings::has_element_children;
using settings::has_own_text;
using settings::next_element;

/// More of a value hardly helps to recognise it.
constexpr std::size_t kMaxShown = 72;

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

/// One place of a configuration: an attribute, or an element with its own text.
struct Entry {
  std::string value;
  bool holds_elements = false;
};

/// The places of one section in document order.
class Places {
 public:
  explicit Places(const settings::SectionPointer& section) {
    if (section) add(section->element(), std::string(section->name()));
  }
  const std::vector<std::string>& paths() const { return paths_; }
  const Entry* find(const std::string& path) const {
    const auto found = entries_.find(path);
    return found == entries_.end() ? nullptr : &found->second;
  }

 private:
  void add(pugi::xml_node element, const std::string& path);
  void put(const std::string& path, Entry entry) {
    if (entries_.emplace(path, std::move(entry)).second) paths_.push_back(path);
  }

  std::vector<std::string> paths_;
  std::map<std::string, Entry, std::less<>> entries_;
};

/// How an element is told from its siblings; `index` counts those of its name, from 1.
std::string step_of(pugi::xml_node element, std::size_t index) {
  const settings::Shape list = settings::shape_of(element.parent());
  const std::string_view name = element.name();
  const char* marking = list.kind == settings::Kind::marked_list ? list.marking : "";
  if (name == "parameter") marking = "name";
  if (*marking != '\0' && element.attribute(marking)) {
    return fmt::format("{}[@{}='{}']", name, marking, element.attribute(marking).value());
  }
  const bool counted = list.kind == settings::Kind::plain_list ||
                       list.kind == settings::Kind::positional_list || index > 1;
  return counted ? fmt::format("{}[{}]", name, index) : std::string(name);
}

void Places::add(pugi::xml_node element, const std::string& path) {
  const bool parent = has_element_children(element);
  put(path, {parent && !has_own_text(element) ? "" : settings::text_of(element), parent});
  for (auto each = element.first_attribute(); each; each = each.next_attribute()) {
    put(fmt::format("{}/@{}", path, each.name()), {each.value(), false});
  }
  std::map<std::string_view, std::size_t> seen;
  for (auto child = first_element(element); child; child = next_element(child)) {
    add(child, path + '/' + step_of(child, ++seen[child.name()]));
  }
}

std::string shown(const Entry* entry) {
  if (entry == nullptr) return "(none)";
  if (entry->value.empty()) return entry->holds_elements ? "(settings)" : "(empty)";
  if (settings::is_blank(entry->value)) return fmt::format("'{}'", entry->value);
  std::string text;
  for (const char c : entry->value) {
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  }
  if (text.size() <= kMaxShown) return text;
  std::size_t end = kMaxShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return fmt::format("{}... ({} octets)", text.substr(0, end), entry->value.size());
}

/// Whether the two are alike: an element that only holds others is told by those.
bool alike(const Entry* a, const Entry* b) {
  const auto bare = [](const Entry* entry) {
    return entry == nullptr || (entry->holds_elements && entry->value.empty());
  };
  if (bare(a) && bare(b)) return true;
  if (a == nullptr || b == nullptr) return false;
  return a->value == b->value;
}

void compare(const Places& from, const Places& to, std::vector<std::string>& lines) {
  const auto tell = [&](const std::string& path, const Entry* a, const Entry* b) {
    if (!alike(a, b)) lines.push_back(fmt::format("{}: {} → {}", path, shown(a), shown(b)));
  };
  for (const std::string& path : from.paths()) tell(path, from.find(path), to.find(path));
  for (const std::string& path : to.paths()) {
    if (from.find(path) == nullptr) tell(path, nullptr, to.find(path));
  }
}

}  // namespace

std::string indented(pugi::xml_node root) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  indent(root, 0, out);
  return out;
}

std::string indented(const settings::Configuration& configuration) {
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("configuration");
  root.append_attribute("patchDefault").set_value("false");
  for (const auto& section : configuration.sections()) root.append_copy(section->element());
  return indented(root);
}

std::vector<std::string> differences(const settings::Configuration& from,
                                     const settings::Configuration& to) {
  std::vector<std::string> lines;
  std::vector<std::string> names = from.section_names();
  for (const std::string& name : to.section_names()) {
    if (!from.section(name)) names.push_back(name);
  }
  for (const std::string& name : names) {
    const auto old = from.section(name);
    const auto now = to.section(name);
    if (old && now && old->same_as(*now)) continue;
    const std::size_t before = lines.size();
    compare(Places(old), Places(now), lines);
    if (lines.size() == before) lines.push_back(name + ": the same settings in another order");
  }
  return lines;
}

}  // namespace provlab::tools
