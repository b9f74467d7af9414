#include "core/settings/migration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>

#include "core/platform/text.hpp"
#include "core/settings/document.hpp"
#include "core/settings/migration_reader.hpp"
#include "core/settings/section_names.hpp"
#include "core/settings/xml_tree.hpp"
#include "core/settings/xsd_value.hpp"

// A step names elements by paths of names. for_each_at() does a step's work for each element at a
// path, and so in each element of a list.
// Move and preset have two paths. They work within the anchor, the last element that both paths go
// through: source and target are never in two elements of a list. A move to below its own source
// wraps the value instead.
// Before a step makes anything it looks whether that is there already; then it does nothing (D17).
// migrate() carries out the steps between two versions in their order and gives those that changed
// something.
namespace provlab::settings {

namespace {

using StepPath = std::span<const std::string>;

/// How many steps two paths have in common, the last of each excepted: up to there both name the
/// same element, in lists within the same element of the list.
std::size_t common_steps(StepPath a, StepPath b) {
  const std::size_t most = std::min(a.size(), b.size()) - 1;
  std::size_t count = 0;
  while (count < most && a[count] == b[count]) ++count;
  return count;
}

/// Calls `act` for every element at a path below `element`; whether any call returned true.
template <class Act>
bool for_each_at(pugi::xml_node element, StepPath path, const Act& act) {
  if (path.empty()) return act(element);
  bool done = false;
  for (pugi::xml_node child = first_element(element); child;) {
    const pugi::xml_node next = next_element(child);
    if (name_of(child) == path.front()) done |= for_each_at(child, path.subspan(1), act);
    child = next;
  }
  return done;
}

pugi::xml_node descend(pugi::xml_node element, StepPath path) {
  for (const std::string& name : path) element = child_named(element, name);
  return element;
}

/// The element at a path, made with the records on the way where there is none; what is new at the
/// top stands before `place`.
pugi::xml_node make(pugi::xml_node element, StepPath path, pugi::xml_node place) {
  for (const std::string& name : path) {
    pugi::xml_node child = child_named(element, name);
    if (!child) {
      child = place ? element.insert_child_before(name.c_str(), place)
                    : element.append_child(name.c_str());
    }
    place = {};
    element = child;
  }
  return element;
}

void take_content(pugi::xml_node target, pugi::xml_node source) {
  for (auto attribute = source.first_attribute(); attribute;
       attribute = attribute.next_attribute()) {
    target.append_copy(attribute);
  }
  for (auto child = source.first_child(); child; child = child.next_sibling()) {
    target.append_copy(child);
  }
}

/// Removes an element, and the records above it that are empty then, below `top`.
void remove_with_empty_parents(pugi::xml_node element, pugi::xml_node top) {
  while (element != top) {
    pugi::xml_node parent = element.parent();
    parent.remove_child(element);
    if (parent.first_child()) return;
    element = parent;
  }
}

bool rename_element(pugi::xml_node holder, const std::string& from, const std::string& to) {
  if (child_named(holder, to)) return false;  // what is given under the new name counts
  bool done = false;
  for (pugi::xml_node child = first_element(holder); child; child = next_element(child)) {
    if (name_of(child) != from) continue;
    child.set_name(to.c_str());
    done = true;
  }
  return done;
}

bool rename_attribute(pugi::xml_node holder, const std::string& from, const std::string& to) {
  pugi::xml_attribute attribute = holder.attribute(from.c_str());
  if (!attribute || holder.attribute(to.c_str())) return false;
  return attribute.set_name(to.c_str());
}

bool rename(const MigrationStep& step, pugi::xml_node section) {
  const StepPath path = step.path;
  const std::string& last = path.back();
  return for_each_at(section, path.first(path.size() - 1), [&](pugi::xml_node holder) {
    return last.starts_with('@') ? rename_attribute(holder, last.substr(1), step.to.front())
                                 : rename_element(holder, last, step.to.front());
  });
}

/// A value becomes a record that holds it: `doNotDisturb` to `doNotDisturb/active`. An element that
/// holds elements is such a record already.
bool wrap(pugi::xml_node element, StepPath inside) {
  if (has_element_children(element) || !has_own_text(element)) return false;
  const std::string text = text_of(element);
  element.remove_children();
  set_text(make(element, inside, {}), text);
  return true;
}

bool move(const MigrationStep& step, pugi::xml_node section) {
  const StepPath path = step.path;
  const StepPath to = step.to;
  if (to.size() > path.size() && std::ranges::equal(path, to.first(path.size()))) {
    return for_each_at(section, path, [&](pugi::xml_node element) {
      return wrap(element, to.subspan(path.size()));
    });
  }
  const std::size_t common = common_steps(path, to);
  return for_each_at(section, path.first(common), [&](pugi::xml_node anchor) {
    const pugi::xml_node source = descend(anchor, path.subspan(common));
    if (!source || descend(anchor, to.subspan(common))) return false;
    take_content(make(anchor, to.subspan(common), child_named(anchor, path[common])), source);
    remove_with_empty_parents(source, anchor);
    return true;
  });
}

/// A value as steps name it: numbers at their shortest, no white space around it.
std::string comparable(std::string_view text) {
  return shortest_number(trimmed(text));
}

bool preset(const MigrationStep& step, pugi::xml_node section) {
  const StepPath path = step.path;
  const StepPath with = step.with;
  const std::size_t common = common_steps(path, with);
  return for_each_at(section, path.first(common), [&](pugi::xml_node anchor) {
    const pugi::xml_node given = descend(anchor, with.subspan(common));
    if (!given || descend(anchor, path.subspan(common))) return false;
    const std::string text = text_of(given);
    if (step.equals && comparable(text) != *step.equals) return false;
    set_text(make(anchor, path.subspan(common), child_named(anchor, with[common])), step.value);
    return true;
  });
}

/// The value as the newer release writes it, nothing where it stays.
std::optional<std::string> converted(const MigrationStep& step, std::string_view text) {
  const std::string value = comparable(text);
  for (const auto& [from, to] : step.values) {
    if (value == from) return to;
  }
  if (step.multiply == 1 && step.divide == 1) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (failure != std::errc() || end != value.data() + value.size()) return std::nullopt;
  if (number < step.least || number > step.most) return std::nullopt;
  const std::uint64_t half = step.divide / 2;
  if (number > (UINT64_MAX - half) / step.multiply) return std::nullopt;
  return std::to_string((number * step.multiply + half) / step.divide);
}

bool convert(const MigrationStep& step, pugi::xml_node section) {
  const StepPath path = step.path;
  const std::string& last = path.back();
  if (last.starts_with('@')) {
    return for_each_at(section, path.first(path.size() - 1), [&](pugi::xml_node holder) {
      pugi::xml_attribute attribute = holder.attribute(last.c_str() + 1);
      const auto value = converted(step, attribute.value());
      return attribute && value && attribute.set_value(value->c_str());
    });
  }
  return for_each_at(section, path, [&](pugi::xml_node element) {
    if (has_element_children(element)) return false;
    const auto value = converted(step, text_of(element));
    if (value) set_text(element, *value);
    return value.has_value();
  });
}

bool drop(const MigrationStep& step, pugi::xml_node section) {
  const StepPath path = step.path;
  const std::string& last = path.back();
  if (last.starts_with('@')) {
    return for_each_at(section, path.first(path.size() - 1), [&](pugi::xml_node holder) {
      return holder.remove_attribute(last.c_str() + 1);
    });
  }
  return for_each_at(section, path, [&](pugi::xml_node element) {
    return element.parent().remove_child(element);
  });
}

void set_version(pugi::xml_node section, const SettingsVersion& version) {
  pugi::xml_attribute attribute = section.attribute("version");
  if (!attribute) attribute = section.append_attribute("version");
  attribute.set_value(version.to_string().c_str());
}

}  // namespace

bool carry_out(const MigrationStep& step, pugi::xml_node section) {
  switch (step.kind) {
    case MigrationStep::Kind::rename:
      return rename(step, section);
    case MigrationStep::Kind::move:
      return move(step, section);
    case MigrationStep::Kind::preset:
      return preset(step, section);
    case MigrationStep::Kind::convert:
      return convert(step, section);
    case MigrationStep::Kind::drop:
      return drop(step, section);
  }
  return false;
}

MigrationSteps migrate(pugi::xml_node section, const SettingsVersion& from,
                       const SettingsVersion& to) {
  MigrationSteps done;
  if (to <= from) return done;
  for (const Migration& migration : migrations()) {
    if (migration.to <= from || migration.to > to) continue;
    const auto steps = migration.sections.find(std::string_view(section.name()));
    if (steps == migration.sections.end()) continue;
    for (const MigrationStep& step : steps->second) {
      if (carry_out(step, section)) done.push_back(&step);
    }
  }
  set_version(section, to);
  return done;
}

}  // namespace provlab::settings
