#include "core/settings/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "core/platform/text.hpp"
#include "core/settings/xml_tree.hpp"
#include "core/settings/xsd_value.hpp"

// A section that is given is walked beside three others: the target, which becomes the result, the
// factory's, which has every setting of the device, and the model, which says what each element is.
// A value takes the text that is given. A record goes on with its children: one that factory or
// model do not know is stripped, one that is given twice is an error, and one that the target lacks
// is the factory's until it is merged.
// In a marked list an element replaces the one with its mark, whole and in its place, or is added.
// A plain list becomes what is given. In a positional list the n-th record merges with the n-th.
// To replace, the target is a copy of the factory's section, and a marked list starts empty.
namespace provlab::settings {

namespace {

class Merger {
 public:
  Merger(MergeMode mode, Stripped& stripped) : mode_(mode), stripped_(stripped) {}

  Expected<void> element(pugi::xml_node target, pugi::xml_node factory, const ElementModel& model,
                         pugi::xml_node given);

 private:
  Expected<void> record(pugi::xml_node target, pugi::xml_node factory, const ElementModel& model,
                        pugi::xml_node given);
  Expected<void> value(pugi::xml_node target, const ElementModel& model, pugi::xml_node given);
  Expected<void> marked_list(pugi::xml_node target, const ElementModel& model,
                             pugi::xml_node given);
  Expected<void> plain_list(pugi::xml_node target, const ElementModel& model, pugi::xml_node given);
  Expected<void> positional_list(pugi::xml_node target, pugi::xml_node factory,
                                 const ElementModel& model, pugi::xml_node given);
  void strip_attributes(const ElementModel& model, pugi::xml_node given);

  MergeMode mode_;
  Stripped& stripped_;
};

Expected<void> no_text(pugi::xml_node given) {
  if (!has_own_text(given)) return {};
  const std::string text = text_of(given);
  return fail(fmt::format("text '{}' where only elements are allowed", shortened(trimmed(text))),
              path_of(given));
}

void Merger::strip_attributes(const ElementModel& model, pugi::xml_node given) {
  for (auto attribute = given.first_attribute(); attribute;
       attribute = attribute.next_attribute()) {
    const std::string_view name = attribute.name();
    if (model.attribute(name) != nullptr) continue;
    stripped_.add(given, fmt::format("@{}", name));
  }
}

Expected<void> Merger::element(pugi::xml_node target, pugi::xml_node factory,
                               const ElementModel& model, pugi::xml_node given) {
  strip_attributes(model, given);
  if (model.kind == Kind::value) return value(target, model, given);
  if (auto checked = no_text(given); !checked) return checked;
  switch (model.kind) {
    case Kind::record:
      return record(target, factory, model, given);
    case Kind::marked_list:
      return marked_list(target, model, given);
    case Kind::plain_list:
      return plain_list(target, model, given);
    case Kind::positional_list:
      return positional_list(target, factory, model, given);
    case Kind::value:
    case Kind::open:  // only in elements of lists, which are taken whole
      break;
  }
  return {};
}

Expected<void> Merger::record(pugi::xml_node target, pugi::xml_node factory,
                              const ElementModel& model, pugi::xml_node given) {
  std::vector<pugi::xml_node> seen;
  for (pugi::xml_node child = first_element(given); child; child = next_element(child)) {
    const pugi::xml_node known = child_named(factory, child.name());
    const ElementModel* known_model = model.child(child.name());
    if (!known || known_model == nullptr) {
      stripped_.add(child);
      continue;
    }
    if (std::ranges::find(seen, known) != seen.end()) {
      return fail("the setting is given twice", path_of(child));
    }
    seen.push_back(known);
    pugi::xml_node counterpart = child_named(target, child.name());
    if (!counterpart) counterpart = target.append_copy(known);
    if (auto merged = element(counterpart, known, *known_model, child); !merged) {
      return merged;
    }
  }
  return {};
}

Expected<void> Merger::value(pugi::xml_node target, const ElementModel& model,
                             pugi::xml_node given) {
  if (const pugi::xml_node child = first_element(given)) {
    return fail(
        fmt::format("element '{}' inside a setting that holds text only", shortened(child.name())),
        path_of(given));
  }
  target.remove_children();
  for (auto text = given.first_child(); text; text = text.next_sibling()) {
    target.append_copy(text);
  }
  tidy(target, model);
  return {};
}

/// The value of a marking attribute as it is stored and compared: the same where the schema says
/// so.
std::string mark_of(pugi::xml_attribute attribute, const AttributeModel& model) {
  const std::string_view mark = attribute.value();
  if (model.value.base == ValueModel::Base::integer) return shortest_number(mark);
  return model.value.collapses ? collapsed(mark) : std::string(mark);
}

Expected<void> Merger::marked_list(pugi::xml_node target, const ElementModel& model,
                                   pugi::xml_node given) {
  const ElementModel& element_model = model.children.front();
  const char* const marking = model.marking.c_str();
  const AttributeModel& mark_model = *element_model.attribute(marking);
  if (mode_ == MergeMode::replace) target.remove_children();
  std::map<std::string, pugi::xml_node, std::less<>> present;
  std::set<std::string, std::less<>> seen;
  for (pugi::xml_node child = first_element(target); child; child = next_element(child)) {
    present.emplace(mark_of(child.attribute(marking), mark_model), child);
  }
  for (pugi::xml_node child = first_element(given); child; child = next_element(child)) {
    if (name_of(child) != model.element()) {
      stripped_.add(child);
      continue;
    }
    const pugi::xml_attribute given_mark = child.attribute(marking);
    if (!given_mark) {
      return fail(fmt::format("attribute {} is missing; it says which {} is meant", marking,
                              model.element()),
                  path_of(child));
    }
    const std::string mark = mark_of(given_mark, mark_model);
    if (!seen.insert(mark).second) {
      return fail(fmt::format("the {} with {}=\"{}\" is given twice", model.element(), marking,
                              shortened(mark)),
                  path_of(given));
    }
    const auto counterpart = present.find(mark);
    pugi::xml_node taken;
    if (counterpart != present.end()) {
      taken = target.insert_copy_after(child, counterpart->second);
      target.remove_child(counterpart->second);
    } else {
      taken = target.append_copy(child);
    }
    strip(taken, element_model, stripped_);
    tidy(taken, element_model);
    taken.attribute(marking).set_value(mark.c_str());
  }
  return {};
}

Expected<void> Merger::plain_list(pugi::xml_node target, const ElementModel& model,
                                  pugi::xml_node given) {
  target.remove_children();
  for (pugi::xml_node child = first_element(given); child; child = next_element(child)) {
    if (name_of(child) == model.element()) {
      pugi::xml_node taken = target.append_copy(child);
      strip(taken, model.children.front(), stripped_);
      tidy(taken, model.children.front());
    } else {
      stripped_.add(child);
    }
  }
  return {};
}

Expected<void> Merger::positional_list(pugi::xml_node target, pugi::xml_node factory,
                                       const ElementModel& model, pugi::xml_node given) {
  pugi::xml_node counterpart = first_element(target);
  pugi::xml_node known = first_element(factory);
  for (pugi::xml_node child = first_element(given); child; child = next_element(child)) {
    if (name_of(child) != model.element()) {
      stripped_.add(child);
      continue;
    }
    if (!known || !counterpart) {
      return fail(fmt::format("more {} elements than the device has", model.element()),
                  path_of(given));
    }
    if (auto merged = element(counterpart, known, model.children.front(), child); !merged)
      return merged;
    counterpart = next_element(counterpart);
    known = next_element(known);
  }
  return {};
}

}  // namespace

Expected<void> merge_section(pugi::xml_node target, pugi::xml_node factory,
                             const ElementModel& model, pugi::xml_node given, MergeMode mode,
                             Stripped& stripped) {
  return Merger(mode, stripped).element(target, factory, model, given);
}

}  // namespace provlab::settings
