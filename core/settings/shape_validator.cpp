#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <vector>

#include "core/settings/section.hpp"
#include "core/settings/section_validator.hpp"
#include "core/settings/shape.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

namespace {

/// SPEC 2.2: `(2[0-3]|[0-1]?[0-9]):[0-5][0-9]`, or nothing.
bool is_time_of_day(std::string_view text) {
  if (text.empty()) return true;
  const auto digit = [](char c, char last) { return c >= '0' && c <= last; };
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.size() != colon + 3) return false;
  if (!digit(text[colon + 1], '5') || !digit(text[colon + 2], '9')) return false;
  if (colon == 1) return digit(text[0], '9');
  return colon == 2 &&
         (text[0] == '2' ? digit(text[1], '3') : digit(text[0], '1') && digit(text[1], '9'));
}

Expected<void> check_element(pugi::xml_node element, pugi::xml_node factory);

Expected<void> check_value(pugi::xml_node element, pugi::xml_node factory) {
  if (const pugi::xml_node child = first_element(element)) {
    return fail(fmt::format("element '{}' inside a setting that holds text only", child.name()),
                path_of(element));
  }
  const std::string_view preset = factory.child_value();
  const bool switches = preset == "true" || preset == "false";
  const bool time_of_day = name_of(element) == "time" && name_of(element.parent()) == "execution";
  if (!switches && !time_of_day) return {};
  const std::string text = text_of(element);
  if (switches && !is_switch(trimmed(text))) {
    return fail(fmt::format("'{}' is no switch; allowed are true and false", text.substr(0, 40)),
                path_of(element));
  }
  if (time_of_day && !is_time_of_day(trimmed(text))) {
    return fail(fmt::format("'{}' is no time of day; write HH:MM, or nothing for a random minute",
                            text.substr(0, 40)),
                path_of(element));
  }
  return {};
}

Expected<void> check_record(pugi::xml_node element, pugi::xml_node factory) {
  std::set<std::string_view> seen;  // filled where children are out of the usual order
  pugi::xml_node expected = first_element(factory);
  bool in_order = true;
  for (pugi::xml_node child = first_element(element); child; child = next_element(child)) {
    pugi::xml_node known = expected;
    if (!known || name_of(known) != name_of(child)) {
      known = child_named(factory, child.name());
      if (!known) return fail("this release knows no such setting", path_of(child));
      in_order = false;
    }
    if (!in_order && seen.empty()) {
      for (auto before = first_element(element); before != child; before = next_element(before)) {
        seen.insert(before.name());
      }
    }
    if (!in_order && !seen.insert(child.name()).second) {
      return fail("the setting is there twice", path_of(child));
    }
    if (auto checked = check_element(child, known); !checked) return checked;
    expected = next_element(known);
  }
  return {};
}

Expected<void> check_list(pugi::xml_node element, const Shape& shape) {
  std::vector<std::string_view> marks;
  for (pugi::xml_node child = first_element(element); child; child = next_element(child)) {
    if (name_of(child) != shape.element) {
      return fail(fmt::format("only {} elements are allowed here", shape.element), path_of(child));
    }
    if (shape.kind == Kind::plain_list) {
      if (has_element_children(child)) return fail("holds text only", path_of(child));
      continue;
    }
    const std::string_view mark = child.attribute(shape.marking).value();
    if (mark.empty()) {
      return fail(fmt::format("attribute {} is missing", shape.marking), path_of(child));
    }
    marks.push_back(mark);
  }
  std::ranges::sort(marks);
  if (const auto twice = std::ranges::adjacent_find(marks); twice != marks.end()) {
    return fail(fmt::format("{} '{}' is there twice", shape.marking, twice->substr(0, 40)),
                path_of(element));
  }
  return {};
}

Expected<void> check_positional(pugi::xml_node element, pugi::xml_node factory,
                                const Shape& shape) {
  pugi::xml_node known = first_element(factory);
  for (pugi::xml_node child = first_element(element); child; child = next_element(child)) {
    if (!known || name_of(child) != shape.element) break;
    if (auto checked = check_element(child, known); !checked) return checked;
    known = next_element(known);
    if (!known && !next_element(child)) return {};
  }
  std::size_t wanted = 0;
  for (known = first_element(factory); known; known = next_element(known)) ++wanted;
  return fail(fmt::format("there must be exactly {} {} elements", wanted, shape.element),
              path_of(element));
}

Expected<void> check_element(pugi::xml_node element, pugi::xml_node factory) {
  for (auto attribute = element.first_attribute(); attribute;
       attribute = attribute.next_attribute()) {
    if (!factory.attribute(attribute.name())) {
      return fail(fmt::format("attribute '{}' is not allowed here", attribute.name()),
                  path_of(element));
    }
  }
  const Shape shape = shape_of(factory);
  if (shape.kind != Kind::value && has_own_text(element)) {
    return fail("text where only elements are allowed", path_of(element));
  }
  switch (shape.kind) {
    case Kind::value:
      return check_value(element, factory);
    case Kind::record:
      return check_record(element, factory);
    case Kind::marked_list:
    case Kind::plain_list:
      return check_list(element, shape);
    case Kind::positional_list:
      return check_positional(element, factory, shape);
  }
  return {};
}

class ShapeValidator final : public SectionValidator {
 public:
  explicit ShapeValidator(Configuration factory) : factory_(std::move(factory)) {}

  Expected<void> validate(pugi::xml_node section) const override {
    const SectionPointer known = factory_.section(section.name());
    if (!known) return fail("this release knows no such section", section.name());
    return check_element(section, known->element());
  }

 private:
  Configuration factory_;
};

}  // namespace

std::shared_ptr<const SectionValidator> shape_validator(DeviceType type, Release release) {
  return std::make_shared<ShapeValidator>(factory_configuration(type, release));
}

}  // namespace provlab::settings
