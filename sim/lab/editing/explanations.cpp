#include "sim/lab/editing/explanations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "sim/lab/editing/setting_offers.hpp"
#include "sim/lab/editing/value_offers.hpp"
#include "sim/lab/language/completion.hpp"
#include "sim/lab/language/specification.hpp"
#include "sim/lab/language/standard_world.hpp"
#include "sim/lab/trace/known_events.hpp"

namespace provlab::lab {

namespace {

using Part = LooseDocument::Part;

/// The value that an offset lies in.
struct ValueAt {
  std::size_t element;
  const Grammar::Attribute* type;
  LooseDocument::Span word;  ///< the value, or the one word of several
  std::string text;
};

std::optional<ValueAt> value_at(const OpenScenario& scenario, std::size_t offset) {
  const LooseDocument& loose = scenario.loose();
  const LooseDocument::Place place = loose.at(offset);
  if (place.part != Part::attribute_value) return std::nullopt;
  const LooseDocument::Attribute& attribute =
      loose.elements()[place.element].attributes[place.attribute];
  const Grammar::Attribute* type = scenario.type_of(place.element, loose.name(attribute));
  if (type == nullptr) return std::nullopt;
  const LooseDocument::Span part = part_of_value(loose, *type, attribute.value, offset);
  return ValueAt{place.element, type, part, loose.value(part)};
}

/// The element that has the id; null where none has.
const OpenScenario::Named* find_named(const std::vector<OpenScenario::Named>& all,
                                      std::string_view id) {
  const auto found = std::ranges::find(all, id, &OpenScenario::Named::id);
  return found == all.end() ? nullptr : &*found;
}

std::string code_block(std::string_view markup) {
  return fmt::format("```xml\n{}\n```", markup);
}

std::string rule_explanation(const SpecRule& rule) {
  std::string text = fmt::format("**{} {}**\n\n{}", rule.number, rule.title, rule.text);
  for (const NotYet& each : rule.not_yet) text += fmt::format("\n\n> Not yet: {}", each.text);
  for (const BeyondRuns& each : rule.beyond_runs) {
    text += fmt::format("\n\n> Beyond runs: {} ({})", each.part, each.reason);
  }
  return text;
}

std::string host_explanation(const OpenScenario& scenario, std::string_view id) {
  const auto hosts = scenario.hosts();
  if (const auto* own = find_named(hosts, id); own != nullptr) {
    const LooseDocument& loose = scenario.loose();
    return code_block(loose.piece(loose.elements()[own->element].tag));
  }
  if (!scenario.has_standard_hosts()) return {};
  const auto standard = std::ranges::find(standard_hosts(), id, &StandardHost::id);
  if (standard == standard_hosts().end()) return {};
  std::string text = fmt::format("`{}` of the standard world: {}", id, standard->address);
  if (!standard->name.empty()) text += fmt::format(", {}", standard->name);
  if (!standard->latency.empty()) text += fmt::format(", latency {}", standard->latency);
  return text;
}

/// What is named by the value, beyond what its type says.
std::string named_explanation(const OpenScenario& scenario, const ValueAt& value) {
  const std::string& type = value.type->type->name;
  const LooseDocument& loose = scenario.loose();
  if (type == "RuleNumbers") {
    const SpecRule* rule = specification().find(value.text);
    return rule == nullptr ? std::string() : rule_explanation(*rule);
  }
  if (names_hosts(*value.type)) {
    return host_explanation(scenario, value.text.substr(0, value.text.find(':')));
  }
  if (type == "Path") return setting_explanation(scenario, value.text);
  if (type == "AnswerRef") {
    const auto answers = scenario.answers();
    const auto* answer = find_named(answers, value.text);
    return answer == nullptr ? std::string()
                             : code_block(loose.piece(loose.elements()[answer->element].tag));
  }
  if (type == "EventName" || type == "Moment") {
    const std::string name = value.text.substr(0, value.text.find_first_of("#+"));
    std::string text;
    const auto [begin, end] = known_events().equal_range(name);
    for (auto each = begin; each != end; ++each) {
      text +=
          fmt::format("{}`{}`: {}", text.empty() ? "" : "\n\n", name, fmt::join(each->second, " "));
    }
    return text;
  }
  return {};
}

}  // namespace

std::string explanation_of(const std::string& name, const Grammar::ComplexType& element) {
  std::string text = fmt::format("**`<{}>`** {}", name, element.description);
  if (!element.attributes.empty()) {
    text += "\n\nAttributes:";
    for (const Grammar::Attribute& each : element.attributes) {
      text += fmt::format(" `{}`{}", each.name, each.required ? " (needed)" : "");
    }
  }
  if (!element.children.empty()) {
    text += fmt::format("\n\nHolds{}:", element.sequence ? ", in this order" : "");
    for (const Grammar::Child& each : element.children) {
      text +=
          fmt::format(" `{}`{}", each.name, element.sequence && each.least > 0 ? " (needed)" : "");
    }
  }
  return text;
}

std::string explanation_of(const Grammar::Attribute& attribute) {
  std::string text = fmt::format("**`{}`** {}", attribute.name, attribute.type->description);
  if (attribute.required) text += " (needed)";
  if (!attribute.description.empty()) text += "\n\n" + attribute.description;
  return text;
}

std::optional<Explanation> explanation_at(const OpenScenario& scenario, std::size_t offset) {
  const LooseDocument& loose = scenario.loose();
  const LooseDocument::Place place = loose.at(offset);
  const Grammar::ComplexType* type = scenario.type_of(place.element);
  if (type == nullptr) return std::nullopt;
  const LooseDocument::Element& element = loose.elements()[place.element];
  if (place.part == Part::element_name) {
    return Explanation{element.name, explanation_of(std::string(loose.name(place.element)), *type)};
  }
  if (place.attribute == LooseDocument::kNone) return std::nullopt;
  const LooseDocument::Attribute& attribute = element.attributes[place.attribute];
  const Grammar::Attribute* known = type->attribute(loose.name(attribute));
  if (known == nullptr) return std::nullopt;
  if (const auto value = value_at(scenario, offset)) {
    const std::string named = named_explanation(scenario, *value);
    return Explanation{value->word, named.empty() ? explanation_of(*known) : named};
  }
  return Explanation{attribute.name, explanation_of(*known)};
}

std::optional<Destination> destination_at(const OpenScenario& scenario, std::size_t offset) {
  const auto value = value_at(scenario, offset);
  if (!value) return std::nullopt;
  const std::string& type = value->type->type->name;
  const LooseDocument& loose = scenario.loose();
  if (type == "FileName") {
    for (const OpenScenario::NamedFile& each : scenario.files()) {
      if (each.value != value->word) continue;
      std::error_code none;
      if (!std::filesystem::is_regular_file(each.path, none)) return std::nullopt;
      return Destination{each.path, {}};
    }
  }
  const bool host = names_hosts(*value->type);
  if (!host && type != "AnswerRef") return std::nullopt;
  const auto all = host ? scenario.hosts() : scenario.answers();
  const auto* named =
      find_named(all, host ? value->text.substr(0, value->text.find(':')) : value->text);
  if (named == nullptr) return std::nullopt;
  return Destination{scenario.file(), loose.attribute(named->element, "id")->value};
}

}  // namespace provlab::lab
