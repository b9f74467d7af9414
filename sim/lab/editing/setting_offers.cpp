#include "sim/lab/editing/setting_offers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/platform/device_identity.hpp"
#include "core/settings/release_schema.hpp"
#include "core/settings/section_names.hpp"

namespace provlab::lab {

namespace {

using settings::ElementModel;
using settings::Kind;
using Steps = std::vector<std::string>;

constexpr std::string_view kDocumentRoot = "configuration";

Release release_of(const OpenScenario& scenario) {
  const LooseDocument& loose = scenario.loose();
  for (std::size_t i = 0; i < loose.elements().size(); ++i) {
    if (scenario.type_of(i) == nullptr || loose.name(i) != "device") continue;
    if (const auto release = parse_release(loose.value(i, "release"))) return *release;
  }
  return DeviceIdentity().release;
}

/// Names of a path, without what chooses among elements of lists: `/a/b[@n='1/2']` is a and b. A
/// last slash is followed by an empty name.
Steps steps_of(std::string_view path) {
  Steps steps;
  int depth = 0;
  for (const char c : path) {
    if (c == '[') ++depth;
    if (c == '/' && depth == 0) {
      steps.emplace_back();
    } else if (depth == 0 && !steps.empty()) {
      steps.back() += c;
    }
    if (c == ']') --depth;
  }
  return steps;
}

/// Null where the release knows no such setting.
const ElementModel* model_of(Release release, const Steps& steps) {
  if (steps.empty()) return nullptr;
  const ElementModel* model = settings::ReleaseSchema::of(release).model(steps.front());
  for (std::size_t i = 1; i < steps.size() && model != nullptr; ++i) {
    model = model->child(steps[i]);
  }
  return model;
}

std::string about_setting(const ElementModel& model) {
  std::string text = fmt::format("**`{}`** ", model.name);
  if (model.kind == Kind::value) {
    text += model.value.description;
  } else if (model.kind == Kind::marked_list) {
    text += fmt::format("a list of `{}`, told apart by `{}`", model.element(), model.marking);
  } else if (model.is_list()) {
    text += fmt::format("a list of `{}`", model.element());
  } else {
    std::vector<std::string_view> names;
    for (const ElementModel& child : model.children) names.push_back(child.name);
    text += fmt::format("holds {}", fmt::join(names, ", "));
  }
  return text;
}

Offer section_offer(std::string_view name) {
  Offer offer{.kind = Offer::Kind::name};
  offer.label = offer.text = name;
  offer.detail = "section";
  return offer;
}

Offer setting_offer(const ElementModel& model) {
  Offer offer{.kind = Offer::Kind::name};
  offer.label = offer.text = model.name;
  offer.about = about_setting(model);
  return offer;
}

/// The children of a model, or for null the sections of the release.
std::vector<Offer> offers_below(Release release, const ElementModel* model) {
  std::vector<Offer> offers;
  if (model != nullptr) {
    for (const ElementModel& child : model->children) offers.push_back(setting_offer(child));
    return offers;
  }
  for (const std::string_view name : settings::known_sections()) {
    if (settings::ReleaseSchema::of(release).model(name) != nullptr) {
      offers.push_back(section_offer(name));
    }
  }
  return offers;
}

}  // namespace

std::vector<Offer> setting_path_offers(const OpenScenario& scenario, std::string_view typed) {
  const std::size_t slash = typed.rfind('/');
  const std::string begun(slash == typed.npos ? "/" : typed.substr(0, slash + 1));
  // A slash inside of brackets is no step.
  if (std::ranges::count(begun, '[') != std::ranges::count(begun, ']')) return {};
  Steps steps = steps_of(begun);
  steps.pop_back();
  const Release release = release_of(scenario);
  const ElementModel* model = model_of(release, steps);
  if (model == nullptr && !steps.empty()) return {};
  std::vector<Offer> offers = offers_below(release, model);
  if (model != nullptr) {
    for (const settings::AttributeModel& each : model->attributes) {
      Offer offer{.kind = Offer::Kind::attribute};
      offer.label = offer.text = "@" + each.name;
      offer.about = each.value.description;
      offers.push_back(std::move(offer));
    }
  }
  for (Offer& each : offers) each.label = each.text = begun + each.text;
  return offers;
}

std::vector<Offer> setting_value_offers(const OpenScenario& scenario, std::size_t element) {
  const Steps steps = steps_of(scenario.loose().value(element, "path"));
  const ElementModel* model = model_of(release_of(scenario), steps);
  if (model == nullptr || model->kind != Kind::value) return {};
  std::vector<std::string> values = model->value.choices;
  if (model->value.base == settings::ValueModel::Base::boolean) values = {"true", "false"};
  std::vector<Offer> offers;
  for (const std::string& value : values) {
    Offer offer{.kind = Offer::Kind::value};
    offer.label = offer.text = value;
    offers.push_back(std::move(offer));
  }
  return offers;
}

std::string setting_explanation(const OpenScenario& scenario, std::string_view path) {
  const ElementModel* model = model_of(release_of(scenario), steps_of(path));
  return model == nullptr ? std::string() : about_setting(*model);
}

std::vector<Offer> document_offers(const OpenScenario& scenario, std::size_t element,
                                   std::string_view before) {
  const LooseDocument& loose = scenario.loose();
  Steps steps;
  for (; element != LooseDocument::kNone && scenario.type_of(element) == nullptr;
       element = loose.elements()[element].parent) {
    steps.emplace(steps.begin(), loose.name(element));
  }
  if (element == LooseDocument::kNone || !scenario.type_of(element)->open) return {};
  const bool root = steps.empty();
  if (!root && steps.front() == kDocumentRoot) steps.erase(steps.begin());
  const Release release = release_of(scenario);
  const ElementModel* model = model_of(release, steps);
  if (model == nullptr && !steps.empty()) return {};
  std::vector<Offer> offers = offers_below(release, model);
  if (root) offers.insert(offers.begin(), section_offer(kDocumentRoot));
  for (Offer& each : offers) {
    each.kind = Offer::Kind::element;
    each.text = fmt::format("{}{}></{}>", before, each.label, each.label);
    each.snippet = fmt::format("{}{}>$0</{}>", before, each.label, each.label);
  }
  return offers;
}

}  // namespace provlab::lab
