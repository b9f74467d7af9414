#include "core/settings/xml_tree.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "core/platform/text.hpp"

// Writing (Writer, write) goes down the tree and escapes what reading would change.
// Measuring (for_each_element) goes through a tree without recursion, because it is what finds the
// trees that are too deep. All else recurses: documents and sections have at most 64 levels.
// Cleaning (clean) removes what carries no setting.
// Comparing (same_settings) takes attributes as a set, children in their order, and texts as they
// read, CDATA or not.
namespace provlab::settings {

namespace {

bool equals(const char* text, std::string_view other) {
  return std::strncmp(text, other.data(), other.size()) == 0 && text[other.size()] == '\0';
}

bool is_text(pugi::xml_node node) {
  return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
}

/// Collects small pieces before they go to the string: most are a few octets long, and there are
/// many.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  ~Writer() { flush(); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void put(char c) {
    if (used_ == sizeof(buffer_)) flush();
    buffer_[used_++] = c;
  }
  void put(std::string_view text) {
    if (text.size() > sizeof(buffer_) - used_) {
      flush();
      if (text.size() > sizeof(buffer_)) {
        out_.append(text);
        return;
      }
    }
    std::memcpy(buffer_ + used_, text.data(), text.size());
    used_ += text.size();
  }
  /// Puts `text` with every character for which `escape` gives a replacement replaced.
  template <class Escape>
  void put_escaped(std::string_view text, Escape escape) {
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      // All special characters are below '?'; letters, the bulk of any text, are not.
      if (static_cast<unsigned char>(text[i]) > '>') continue;
      const std::string_view replacement = escape(text[i]);
      if (replacement.empty()) continue;
      put(text.substr(start, i - start));
      put(replacement);
      start = i + 1;
    }
    put(text.substr(start));
  }

 private:
  void flush() {
    out_.append(buffer_, used_);
    used_ = 0;
  }

  std::string& out_;
  std::size_t used_ = 0;
  char buffer_[2048];
};

std::string_view escape_text(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '\r':
      return "&#13;";
    default:
      return {};
  }
}

std::string_view escape_attribute(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '"':
      return "&quot;";
    case '\t':
      return "&#9;";
    case '\n':
      return "&#10;";
    case '\r':
      return "&#13;";
    default:
      return {};
  }
}

/// Of elements that hold no elements.
bool same_text(pugi::xml_node a, pugi::xml_node b) {
  const pugi::xml_node first_a = a.first_child();
  const pugi::xml_node first_b = b.first_child();
  if (!first_a.next_sibling() && !first_b.next_sibling()) {
    return std::string_view(first_a.value()) == first_b.value();
  }
  return text_of(a) == text_of(b);
}

bool same_attributes(pugi::xml_node a, pugi::xml_node b) {
  auto one = a.first_attribute();
  auto other = b.first_attribute();
  while (one && other && equals(one.name(), other.name()) && equals(one.value(), other.value())) {
    one = one.next_attribute();
    other = other.next_attribute();
  }
  if (!one || !other) return !one && !other;
  // In another order, perhaps. Searching each among all would take too long where there are many.
  const auto in_order = [](pugi::xml_attribute first) {
    std::vector<std::pair<std::string_view, std::string_view>> sorted;
    for (; first; first = first.next_attribute()) sorted.emplace_back(first.name(), first.value());
    std::ranges::sort(sorted);
    return sorted;
  };
  return in_order(one) == in_order(other);
}

void write(pugi::xml_node node, Writer& out) {
  const std::string_view name = node.name();
  out.put('<');
  out.put(name);
  for (auto attribute = node.first_attribute(); attribute; attribute = attribute.next_attribute()) {
    out.put(' ');
    out.put(attribute.name());
    out.put("=\"");
    out.put_escaped(attribute.value(), escape_attribute);
    out.put('"');
  }
  pugi::xml_node child = node.first_child();
  if (!child) {
    out.put("/>");
    return;
  }
  out.put('>');
  for (; child; child = child.next_sibling()) {
    switch (child.type()) {
      case pugi::node_element:
        write(child, out);
        break;
      case pugi::node_pcdata:
        out.put_escaped(child.value(), escape_text);
        break;
      case pugi::node_cdata:
        out.put("<![CDATA[");
        out.put(child.value());
        out.put("]]>");
        break;
      default:
        break;
    }
  }
  out.put("</");
  out.put(name);
  out.put('>');
}

}  // namespace

bool is_blank(std::string_view text) {
  return text.find_first_not_of(kWhiteSpace) == std::string_view::npos;
}

pugi::xml_node first_element(pugi::xml_node node) {
  pugi::xml_node child = node.first_child();
  while (child && !is_element(child)) child = child.next_sibling();
  return child;
}

pugi::xml_node next_element(pugi::xml_node node) {
  node = node.next_sibling();
  while (node && !is_element(node)) node = node.next_sibling();
  return node;
}

bool has_element_children(pugi::xml_node node) {
  return !first_element(node).empty();
}

namespace {

/// Calls `act` with the level of every element below `top`, 1 for its children.
template <class Act>
void for_each_element(pugi::xml_node top, const Act& act) {
  std::size_t level = 1;
  for (pugi::xml_node element = first_element(top); element;) {
    act(level);
    if (pugi::xml_node child = first_element(element)) {
      element = child;
      ++level;
      continue;
    }
    pugi::xml_node next = next_element(element);
    while (!next && --level > 0) {
      element = element.parent();
      next = next_element(element);
    }
    element = next;
  }
}

}  // namespace

std::size_t count_elements(pugi::xml_node node) {
  std::size_t count = 0;
  for_each_element(node, [&](std::size_t) { ++count; });
  return count;
}

std::size_t levels_below(pugi::xml_node node) {
  std::size_t levels = 0;
  for_each_element(node, [&](std::size_t level) { levels = std::max(levels, level); });
  return levels;
}

pugi::xml_node child_named(pugi::xml_node node, std::string_view name) {
  pugi::xml_node child = node.first_child();
  // Only elements have names here, and most differ in their first letter.
  while (child && !equals(child.name(), name)) child = child.next_sibling();
  return child;
}

bool has_own_text(pugi::xml_node element) {
  for (auto child = element.first_child(); child; child = child.next_sibling()) {
    if (is_text(child) && !is_blank(child.value())) return true;
  }
  return false;
}

std::string text_of(pugi::xml_node element) {
  std::string text;
  for (auto child = element.first_child(); child; child = child.next_sibling()) {
    if (is_text(child)) text.append(child.value());
  }
  return text;
}

void set_text(pugi::xml_node element, std::string_view text) {
  element.remove_children();
  if (text.empty()) return;
  element.append_child(pugi::node_pcdata).set_value(std::string(text).c_str());
}

std::string string_value(pugi::xml_node node) {
  if (is_text(node)) return node.value();
  std::string text;
  for (auto child = node.first_child(); child; child = child.next_sibling()) {
    if (is_text(child)) {
      text.append(child.value());
    } else {
      text.append(string_value(child));
    }
  }
  return text;
}

std::string path_of(pugi::xml_node element) {
  std::string path;
  for (pugi::xml_node node = element; is_element(node); node = node.parent()) {
    if (name_of(node) == "configuration" && !is_element(node.parent())) break;
    path.insert(0, path.empty() ? node.name() : std::string(node.name()) + "/");
  }
  return path;
}

bool is_control_attribute(std::string_view name) {
  return name.starts_with("xml")
             ? name == "xmlns" || name.starts_with("xmlns:") || name.starts_with("xml:")
             : name.find(':') != std::string_view::npos;
}

namespace {

void drop_blanks(pugi::xml_node element) {
  if (!has_element_children(element)) return;
  for (auto child = element.first_child(); child;) {
    const auto next = child.next_sibling();
    if (!is_element(child) && is_blank(child.value())) element.remove_child(child);
    child = next;
  }
}

}  // namespace

void clean(pugi::xml_node element) {
  for (auto attribute = element.first_attribute(); attribute;) {
    const auto next = attribute.next_attribute();
    if (is_control_attribute(attribute.name())) element.remove_attribute(attribute);
    attribute = next;
  }
  drop_blanks(element);
  for (auto child = first_element(element); child; child = next_element(child)) clean(child);
}

void append_xml(pugi::xml_node node, std::string& out) {
  Writer writer(out);
  write(node, writer);
}

bool same_settings(pugi::xml_node a, pugi::xml_node b) {
  if (name_of(a) != name_of(b) || !same_attributes(a, b)) return false;
  pugi::xml_node child_a = first_element(a);
  pugi::xml_node child_b = first_element(b);
  if (!child_a && !child_b) return same_text(a, b);
  while (child_a && child_b) {
    if (!same_settings(child_a, child_b)) return false;
    child_a = next_element(child_a);
    child_b = next_element(child_b);
  }
  return !child_a && !child_b && text_of(a) == text_of(b);
}

}  // namespace provlab::settings
