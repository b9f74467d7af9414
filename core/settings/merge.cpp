#include "core/settings/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "core/settings/shape.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

namespace {

class Merger {
 public:
  Merger(MergeMode mode, Stripped& stripped) : mode_(mode), stripped_(stripped) {}

  Expected<void> element(pugi::xml_node target, pugi::xml_node factory, pugi::xml_node given);

 private:
  Expected<void> record(pugi::xml_node target, pugi::xml_node factory, pugi::xml_node given);
  Expected<void> value(pugi::xml_node target, pugi::xml_node factory, pugi::xml_node given);
  Expected<void> marked_list(pugi::xml_node target, const Shape& shape, pugi::xml_node given);
  Expected<void> plain_list(pugi::xml_node target, const Shape& shape, pugi::xml_node given);
  Expected<void> positional_list(pugi::xml_node target, pugi::xml_node factory, const Shape& shape,
                                 pugi::xml_node given);
  void strip_attributes(pugi::xml_node factory, pugi::xml_node given);

  MergeMode mode_;
  Stripped& stripped_;
};

Expected<void> no_text(pugi::xml_node given) {
  if (!has_own_text(given)) return {};
  const std::string text = text_of(given);
  return fail(fmt::format("text '{}' where only elements are allowed", trimmed(text).substr(0, 40)),
              path_of(given));
}

/// Attributes of a section that say how to apply it.
bool steers(pugi::xml_node element, std::string_view attribute) {
  return (attribute == "patch" || attribute == "version") && is_known_section(element.name());
}

void Merger::strip_attributes(pugi::xml_node factory, pugi::xml_node given) {
  for (auto attribute = given.first_attribute(); attribute;
       attribute = attribute.next_attribute()) {
    const std::string_view name = attribute.name();
    if (steers(given, name) || factory.attribute(attribute.name())) continue;
    stripped_.add(given, fmt::format("@{}", name));
  }
}

Expected<void> Merger::element(pugi::xml_node target, pugi::xml_node factory,
                               pugi::xml_node given) {
  strip_attributes(factory, given);
  const Shape shape = shape_of(factory);
  if (shape.kind == Kind::value) return value(target, factory, given);
  if (auto checked = no_text(given); !checked) return checked;
  switch (shape.kind) {
    case Kind::value:
      break;
    case Kind::record:
      return record(target, factory, given);
    case Kind::marked_list:
      return marked_list(target, shape, given);
    case Kind::plain_list:
      return plain_list(target, shape, given);
    case Kind::positional_list:
      return positional_list(target, factory, shape, given);
  }
  return {};
}

Expected<void> Merger::record(pugi::xml_node target, pugi::xml_node factory, pugi::xml_node given) {
  std::vector<pugi::xml_node> seen;
  for (pugi::xml_node child = first_element(given); child; child = next_element(child)) {
    const pugi::xml_node known = child_named(factory, child.name());
    if (!known) {
      stripped_.add(child);
      continue;
    }
    if (std::ranges::find(seen, known) != seen.end()) {
      return fail("the setting is given twice", path_of(child));
    }
    seen.push_back(known);
    pugi::xml_node counterpart = child_named(target, child.name());
    if (!counterpart) counterpart = target.append_copy(known);
    if (auto merged = element(counterpart, known, child); !merged) return merged;
  }
  return {};
}

Expected<void> Merger::value(pugi::xml_node target, pugi::xml_node factory, pugi::xml_node given) {
  if (const pugi::xml_node child = first_element(given)) {
    return fail(fmt::format("element '{}' inside a setting that holds text only", child.name()),
                path_of(given));
  }
  const std::string_view preset = factory.child_value();
  if (preset == "true" || preset == "false") {
    const std::string text = text_of(given);
    set_text(target, trimmed(text));
    return {};
  }
  target.remove_children();
  for (auto text = given.first_child(); text; text = text.next_sibling()) {
    target.append_copy(text);
  }
  return {};
}

Expected<void> Merger::marked_list(pugi::xml_node target, const Shape& shape,
                                   pugi::xml_node given) {
  if (mode_ == MergeMode::replace) target.remove_children();
  std::map<std::string, pugi::xml_node, std::less<>> present;
  for (pugi::xml_node child = first_element(target); child; child = next_element(child)) {
    present.emplace(child.attribute(shape.marking).value(), child);
  }
  for (pugi::xml_node child = first_element(given); child; child = next_element(child)) {
    if (name_of(child) != shape.element) {
      stripped_.add(child);
      continue;
    }
    const std::string_view mark = trimmed(child.attribute(shape.marking).value());
    if (mark.empty()) {
      return fail(fmt::format("attribute {} is missing; it says which {} is meant", shape.marking,
                              shape.element),
                  path_of(child));
    }
    const auto counterpart = present.find(mark);
    if (counterpart != present.end()) {
      const pugi::xml_node former = counterpart->second;
      counterpart->second = target.insert_copy_after(child, former);
      target.remove_child(former);
    } else {
      present.emplace(mark, target.append_copy(child));
    }
  }
  return {};
}

Expected<void> Merger::plain_list(pugi::xml_node target, const Shape& shape, pugi::xml_node given) {
  target.remove_children();
  for (pugi::xml_node child = first_element(given); child; child = next_element(child)) {
    if (name_of(child) == shape.element) {
      target.append_copy(child);
    } else {
      stripped_.add(child);
    }
  }
  return {};
}

Expected<void> Merger::positional_list(pugi::xml_node target, pugi::xml_node factory,
                                       const Shape& shape, pugi::xml_node given) {
  pugi::xml_node counterpart = first_element(target);
  pugi::xml_node known = first_element(factory);
  for (pugi::xml_node child = first_element(given); child; child = next_element(child)) {
    if (name_of(child) != shape.element) {
      stripped_.add(child);
      continue;
    }
    if (!known || !counterpart) {
      return fail(fmt::format("more {} elements than the device has", shape.element),
                  path_of(given));
    }
    if (auto merged = element(counterpart, known, child); !merged) return merged;
    counterpart = next_element(counterpart);
    known = next_element(known);
  }
  return {};
}

}  // namespace

void Stripped::add(pugi::xml_node element, std::string_view below) {
  ++count;
  if (paths.size() == kNamed) return;
  std::string path = path_of(element);
  if (!below.empty()) path.append("/").append(below);
  paths.push_back(std::move(path));
}

Expected<void> merge_section(pugi::xml_node target, pugi::xml_node factory, pugi::xml_node given,
                             MergeMode mode, Stripped& stripped) {
  return Merger(mode, stripped).element(target, factory, given);
}

}  // namespace provlab::settings
