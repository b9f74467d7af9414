// The path is walked beside the models of all releases at once. A place is an element of one of
// them, the root above the sections, or somewhere that no model describes: from there everything
// can be. A step leads from places to places; one that leads nowhere is what the author has
// misspelt.
#include "sim/lab/language/setting_paths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "core/settings/release_schema.hpp"
#include "core/settings/section_names.hpp"
#include "core/settings/settings_version.hpp"
#include "core/settings/xpath.hpp"
#include "core/settings/xpath_tree.hpp"
#include "sim/lab/markup/complaint.hpp"

namespace provlab::lab {

namespace {

using settings::ElementModel;
using settings::XPathAxis;
using settings::XPathExpression;
using settings::XPathStep;

struct SettingPlace {
  enum class Kind { root, element, leaf, anything };
  Kind kind = Kind::root;
  const ElementModel* element = nullptr;

  friend bool operator==(const SettingPlace&, const SettingPlace&) = default;
};
using Places = std::vector<SettingPlace>;
using PlaceKind = SettingPlace::Kind;

const Places kAnything{{PlaceKind::anything, nullptr}};

/// The sections of all releases.
const std::vector<const ElementModel*>& all_sections() {
  static const std::vector<const ElementModel*> kAll = [] {
    std::vector<const ElementModel*> all;
    for (const std::string_view name : settings::known_sections()) {
      for (const Release release : settings::kReleases) {
        const ElementModel* model = settings::ReleaseSchema::of(release).model(name);
        if (model != nullptr) all.push_back(model);
      }
    }
    return all;
  }();
  return kAll;
}

SettingPlace place_of_model(const ElementModel& model) {
  return {PlaceKind::element, &model};
}

bool is_open(const SettingPlace& place) {
  return place.kind == PlaceKind::anything ||
         (place.element != nullptr && place.element->kind == settings::Kind::open);
}

template <class Visit>
void for_children(const SettingPlace& place, Visit&& visit) {
  if (place.kind == PlaceKind::root) {
    for (const ElementModel* section : all_sections()) visit(*section);
  } else if (place.element != nullptr) {
    for (const ElementModel& child : place.element->children) visit(child);
  }
}

template <class Visit>
void for_all_below(const SettingPlace& place, Visit&& visit) {
  for_children(place, [&](const ElementModel& child) {
    visit(child);
    for_all_below(place_of_model(child), visit);
  });
}

bool is_name(std::string_view test) {
  return test.find_first_of("*:(") == std::string_view::npos;
}

bool fits(std::string_view test, const ElementModel& model) {
  return test == model.name || test == "*" || test == "node()";
}

/// So many places are those of a `//`, not of a path that names its way.
constexpr std::size_t kManyPlaces = 20;

class PathWalk {
 public:
  /// Where an expression leads from there.
  Places visit(const XPathExpression& expression, const Places& context) {
    Places reached;
    for (const XPathExpression& part : expression.parts) {
      const Places each = visit(part, context);
      reached.insert(reached.end(), each.begin(), each.end());
    }
    const bool nodes = expression.kind == XPathExpression::Kind::together ||
                       expression.kind == XPathExpression::Kind::path;
    if (!nodes) return kAnything;
    if (expression.kind == XPathExpression::Kind::path) {
      if (expression.start == XPathExpression::Start::root) reached = {SettingPlace{}};
      if (expression.start == XPathExpression::Start::context) reached = context;
    }
    for (const XPathExpression& predicate : expression.predicates) visit(predicate, reached);
    for (const XPathStep& step : expression.steps) {
      reached = take(step, reached);
      if (problem_) return kAnything;
      for (const XPathExpression& predicate : step.predicates) visit(predicate, reached);
    }
    return reached;
  }

  const std::optional<std::string>& problem() const { return problem_; }

 private:
  Places take(const XPathStep& step, const Places& from) {
    const std::string_view test = step.test.empty() ? "node()" : step.test;
    const XPathAxis axis = step.test.empty() ? XPathAxis::descendant_or_self : step.axis;
    Places to;
    bool sure = true;
    for (const SettingPlace& place : from) sure = one(axis, test, place, to) && sure;
    if (!to.empty()) {
      if (!sure) to.push_back(kAnything.front());
      return to;
    }
    // Below a `//` something open is always among the places: there a near name decides.
    const bool meant = axis == XPathAxis::child && from.size() > kManyPlaces && is_name(test) &&
                       !nearest(test, names_below(from)).empty();
    if (!sure && !meant) return kAnything;
    complain(axis, test, from);
    return to;
  }

  static std::vector<std::string> names_below(const Places& places) {
    std::set<std::string> names;
    for (const SettingPlace& place : places) {
      for_children(place, [&](const ElementModel& model) { names.insert(model.name); });
    }
    return {names.begin(), names.end()};
  }

  /// False where no model can tell.
  static bool one(XPathAxis axis, std::string_view test, const SettingPlace& place, Places& to) {
    const auto add = [&to](const SettingPlace& found) {
      if (std::ranges::find(to, found) == to.end()) to.push_back(found);
    };
    const auto below = [&](const ElementModel& model) {
      if (fits(test, model)) add(place_of_model(model));
    };
    if (axis == XPathAxis::self || axis == XPathAxis::descendant_or_self) {
      const bool here = place.kind == PlaceKind::element ? fits(test, *place.element)
                        : place.kind == PlaceKind::leaf  ? !is_name(test)
                                                         : test == "node()";
      if (here) add(place);
    }
    switch (axis) {
      case XPathAxis::self:
        return place.kind != PlaceKind::anything;
      case XPathAxis::child:
        if (is_open(place)) return false;
        for_children(place, below);
        break;
      case XPathAxis::descendant:
      case XPathAxis::descendant_or_self:
        if (is_open(place)) return false;
        for_all_below(place, below);
        break;
      case XPathAxis::attribute:
        return attribute(test, place, add);
      default:
        return false;
    }
    if (place.kind == PlaceKind::element && (test == "text()" || test == "node()")) {
      add({PlaceKind::leaf, place.element});
    }
    return true;
  }

  template <class Add>
  static bool attribute(std::string_view test, const SettingPlace& place, Add&& add) {
    if (place.kind == PlaceKind::anything) return false;
    if (place.kind != PlaceKind::element) return true;
    const ElementModel& model = *place.element;
    if (model.open_attributes || model.kind == settings::Kind::open) return false;
    const bool all = !is_name(test);
    if (all ? !model.attributes.empty() : model.attribute(test) != nullptr) {
      add({PlaceKind::leaf, &model});
    }
    return true;
  }

  void complain(XPathAxis axis, std::string_view test, const Places& from) {
    if (problem_) return;
    const bool attribute = axis == XPathAxis::attribute;
    const bool anywhere = from.size() > kManyPlaces;
    const ElementModel* holder = from.front().element;
    const std::vector<std::string> names = attribute ? attributes_of(from) : names_below(from);
    std::string text =
        holder == nullptr ? fmt::format("there is no section '{}'", test)
        : attribute ? fmt::format("no release has an attribute '{}' of {}", test, holder->name)
                    : fmt::format("no release has a setting '{}' in {}", test,
                                  anywhere ? "any section" : holder->name);
    std::string hint = is_name(test) ? did_you_mean(test, names) : std::string();
    if (hint.empty() && !attribute) hint = elsewhere(test);
    if (hint.empty() && holder != nullptr && !anywhere) {
      hint = names.empty() ? fmt::format("; {} has none", holder->name)
                           : fmt::format("; it has {}", any_of(names));
    }
    problem_ = text + hint;
  }

  static std::vector<std::string> attributes_of(const Places& places) {
    std::set<std::string> names;
    for (const SettingPlace& place : places) {
      if (place.element == nullptr) continue;
      for (const auto& each : place.element->attributes) names.insert(each.name);
    }
    return {names.begin(), names.end()};
  }

  /// Where a setting of that name is, if it is in few places.
  static std::string elsewhere(std::string_view name) {
    std::set<std::string> paths;
    const auto search = [&](const auto& self, const ElementModel& model,
                            const std::string& above) -> void {
      const std::string path = above + "/" + model.name;
      if (model.name == name) paths.insert(path);
      for (const ElementModel& child : model.children) self(self, child, path);
    };
    for (const ElementModel* section : all_sections()) search(search, *section, "");
    if (paths.empty() || paths.size() > 3) return {};
    return "; there is " + any_of(std::vector<std::string>(paths.begin(), paths.end()));
  }

  std::optional<std::string> problem_;
};

}  // namespace

std::optional<std::string> impossible_step(const std::string& xpath) {
  const std::string expression = settings::paths_from_section(xpath);
  const auto parsed = settings::parse_xpath(expression);
  if (!parsed) return std::nullopt;
  PathWalk walk;
  walk.visit(*parsed, {SettingPlace{}});
  return walk.problem();
}

}  // namespace provlab::lab
