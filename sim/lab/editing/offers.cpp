#include "sim/lab/editing/offers.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text.hpp"
#include "sim/lab/editing/explanations.hpp"
#include "sim/lab/editing/setting_offers.hpp"
#include "sim/lab/editing/value_offers.hpp"
#include "sim/lab/markup/scenario_schema.hpp"

namespace provlab::lab {

namespace {

using Loose = LooseDocument;

/// As it stands in a snippet, where `$`, `}` and `\` mean something.
std::string in_snippet(std::string_view text, std::string_view special = "$}\\") {
  std::string out;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

/// `is="…"` with a place to fill in: a choice where the values are few.
std::string attribute_snippet(const Grammar::Attribute& attribute, std::size_t number) {
  std::string choice;
  for (const std::string& value : attribute.type->values) {
    choice += (choice.empty() ? "" : ",") + in_snippet(value, "$}\\,|");
  }
  return choice.empty() ? fmt::format("{}=\"${}\"", attribute.name, number)
                        : fmt::format("{}=\"${{{}|{}|}}\"", attribute.name, number, choice);
}

/// An element that is written whole: with the attributes that it needs, and with both tags where
/// something must stand in it; a part of the scenario has both tags.
Offer element_offer(const std::string& name, const Grammar::ComplexType& type, bool needed,
                    std::string_view before, bool part = false) {
  Offer offer{.kind = Offer::Kind::element, .label = name};
  offer.about = explanation_of(name, type);
  offer.needed = needed;
  std::string attributes;
  std::string with_places;
  std::size_t place = 0;
  for (const Grammar::Attribute& each : type.attributes) {
    if (!each.required) continue;
    attributes += fmt::format(" {}=\"\"", each.name);
    with_places += " " + attribute_snippet(each, ++place);
  }
  const bool wants_children =
      part ||
      (type.sequence ? std::ranges::any_of(type.children, [](const auto& c) { return c.least > 0; })
                     : type.choice_least > 0);
  const bool holds =
      type.text != nullptr || type.open || type.mixed || (wants_children && !type.children.empty());
  offer.text = fmt::format("{}{}{}", before, name, attributes);
  offer.text += holds ? fmt::format("></{}>", name) : "/>";
  offer.snippet = fmt::format("{}{}{}", in_snippet(before), name, with_places);
  offer.snippet += holds ? fmt::format(">$0</{}>", name) : "/>$0";
  return offer;
}

class Offering {
 public:
  Offering(const OpenScenario& scenario, std::size_t offset)
      : scenario_(scenario), loose_(scenario.loose()), offset_(offset) {}

  Offers make() {
    place_ = loose_.at(offset_);
    offers_.typed = {offset_, offset_};
    switch (place_.part) {
      case Loose::Part::content:
        content();
        break;
      case Loose::Part::element_name:
        element_name();
        break;
      case Loose::Part::attribute_name:
        attribute_name();
        break;
      case Loose::Part::attribute_value:
        attribute_value();
        break;
      case Loose::Part::end_tag:
        end_tag();
        break;
      case Loose::Part::elsewhere:
        break;
    }
    return std::move(offers_);
  }

 private:
  void content() {
    // A word that was begun without its '<'.
    while (offers_.typed.begin > 0) {
      const char c = loose_.text()[offers_.typed.begin - 1];
      if (!is_letter(c) && !is_digit(c) && c != '-') break;
      --offers_.typed.begin;
    }
    elements_in(place_.element, Loose::kNone, "<");
    if (place_.element != Loose::kNone && !loose_.elements()[place_.element].closed) {
      add_end_tag(place_.element, "</");
    }
  }

  void element_name() {
    const Loose::Element& element = loose_.elements()[place_.element];
    offers_.typed = element.name;
    elements_in(element.parent, place_.element, "");
    if (element.whole_tag || !element.attributes.empty()) {
      // Its tag is there: only the name is exchanged.
      for (Offer& each : offers_.list) {
        each.text = each.label;
        each.snippet.clear();
      }
    } else if (element.parent != Loose::kNone && !loose_.elements()[element.parent].closed) {
      add_end_tag(element.parent, "/");
    }
  }

  /// The children that may stand in an element, beside those that do. `asking` is one of them that
  /// is just being written.
  void elements_in(std::size_t parent, std::size_t asking, std::string_view before) {
    if (parent == Loose::kNone) {
      const Grammar& grammar = ScenarioSchema::shared().grammar();
      const auto others = std::ranges::count_if(loose_.elements(), [&](const Loose::Element& each) {
        return each.parent == Loose::kNone && each.name.begin != each.name.end;
      });
      if (others > (asking == Loose::kNone ? 0 : 1)) return;
      offers_.list.push_back(element_offer(grammar.root_name(), grammar.root(), true, before));
      return;
    }
    const Grammar::ComplexType* type = scenario_.type_of(parent);
    if (type == nullptr || type->open) {
      offers_.list = document_offers(scenario_, parent, before);
      return;
    }
    std::size_t first = 0;
    std::size_t last = type->children.size();
    std::vector<unsigned> seen(type->children.size());
    unsigned total = 0;
    for (std::size_t i = 0; i < loose_.elements().size(); ++i) {
      if (loose_.elements()[i].parent != parent || i == asking) continue;
      const Grammar::Child* child = type->child(loose_.name(i));
      if (child == nullptr) continue;
      const auto index = static_cast<std::size_t>(child - type->children.data());
      ++seen[index];
      ++total;
      if (!type->sequence) continue;
      if (loose_.elements()[i].tag.begin < offset_) first = std::max(first, index);
      if (loose_.elements()[i].tag.begin >= offset_) last = std::min(last, index + 1);
    }
    if (!type->sequence && !type->choice_many && total > 0) return;
    for (std::size_t i = first; i < last; ++i) {
      const Grammar::Child& child = type->children[i];
      if (type->sequence && !child.many && seen[i] > 0) continue;
      const bool needed = type->sequence && child.least > seen[i];
      offers_.list.push_back(element_offer(child.name, *child.type, needed, before, parent == 0));
    }
  }

  void add_end_tag(std::size_t element, std::string_view before) {
    if (!loose_.elements()[element].holds) return;
    Offer offer{.kind = Offer::Kind::end_tag};
    offer.text = fmt::format("{}{}>", before, loose_.name(element));
    offer.label = offer.text;
    offers_.list.push_back(std::move(offer));
  }

  void end_tag() {
    std::size_t begin = loose_.text().rfind("</", offset_);
    if (begin == std::string::npos || begin + 2 > offset_ || place_.element == Loose::kNone) return;
    offers_.typed.begin = begin + 2;
    offers_.typed.end = std::max(
        offset_, std::min(loose_.text().find_first_of("> \t\r\n<", offset_), loose_.text().size()));
    const bool ended = loose_.text().substr(offers_.typed.end).starts_with('>');
    Offer offer{.kind = Offer::Kind::end_tag};
    offer.label = std::string(loose_.name(place_.element));
    offer.text = offer.label + (ended ? "" : ">");
    offers_.list.push_back(std::move(offer));
  }

  void attribute_name() {
    const Grammar::ComplexType* type = scenario_.type_of(place_.element);
    if (type == nullptr) return;
    const Loose::Element& element = loose_.elements()[place_.element];
    const Loose::Attribute* asking = nullptr;
    if (place_.attribute != Loose::kNone) asking = &element.attributes[place_.attribute];
    if (asking != nullptr) offers_.typed = asking->name;
    const bool has_value = asking != nullptr && asking->has_value;
    for (const Grammar::Attribute& each : type->attributes) {
      const Loose::Attribute* there = loose_.attribute(place_.element, each.name);
      if (there != nullptr && there != asking) continue;
      Offer offer{.kind = Offer::Kind::attribute, .label = each.name};
      offer.text = has_value ? each.name : each.name + "=\"\"";
      if (!has_value) offer.snippet = attribute_snippet(each, 1);
      offer.about = explanation_of(each);
      offer.needed = each.required;
      offers_.list.push_back(std::move(offer));
    }
  }

  void attribute_value() {
    const Loose::Attribute& attribute =
        loose_.elements()[place_.element].attributes[place_.attribute];
    const Grammar::Attribute* known = scenario_.type_of(place_.element, loose_.name(attribute));
    if (known == nullptr) return;
    offers_.typed = part_of_value(loose_, *known, attribute.value, offset_);
    const std::string typed(loose_.piece({offers_.typed.begin, offset_}));
    offers_.list = value_offers(scenario_, place_.element, *known, typed);
  }

  const OpenScenario& scenario_;
  const Loose& loose_;
  std::size_t offset_;
  Loose::Place place_;
  Offers offers_;
};

}  // namespace

Offers offers_at(const OpenScenario& scenario, std::size_t offset) {
  if (!scenario.is_scenario() && !scenario.loose().elements().empty() &&
      !scenario.loose().piece(scenario.loose().elements().front().name).empty() &&
      !std::string_view("scenario").starts_with(scenario.loose().name(0))) {
    return {};
  }
  return Offering(scenario, offset).make();
}

}  // namespace provlab::lab
