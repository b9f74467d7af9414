#include "core/settings/xpath_cost.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <initializer_list>

#include "core/settings/xpath_tree.hpp"

// TreeFigures measures a tree in one pass. XPathReckoning goes through an expression as evaluating
// it would, but with a batch of nodes instead of each: how many in all evaluations together, how
// often the same node may be among them, how many at most in one evaluation, and of which kind. A
// predicate is evaluated once for each node of the step's batch; that a path from each of many
// different nodes downwards reaches no node twice is what keeps such predicates cheap.
namespace provlab::settings {

namespace {

constexpr std::size_t kMaxNamesCounted = 512;
constexpr double kOctetsPerVisit = 32;
/// Copies of a growing string: half its square over 1,024, at some 50 octets a visit.
constexpr double kGrowingOctetsPerVisit = 100'000;
/// Making a text of a number, or a number of a text.
constexpr double kVisitsOfConversion = 30;
/// The tree of an expression and pugixml's own, for each octet.
constexpr double kVisitsOfParsing = 20;
/// Names are looked up for each node.
constexpr double kVisitsOfMeasuring = 8;
/// strlen() is faster than a visit to 32 octets.
constexpr double kOctetsMeasuredInAVisit = 256;

double text_cost(double octets, double pieces) {
  return octets / kOctetsPerVisit +
         (pieces > 1 ? pieces + octets * octets / kGrowingOctetsPerVisit : 0);
}

}  // namespace

void NodeFigures::add(const NodeFigures& node) {
  count += node.count;
  children += node.children;
  most_children = std::max(most_children, node.most_children);
  attributes += node.attributes;
  most_attributes = std::max(most_attributes, node.most_attributes);
  below += node.below;
  most_below = std::max(most_below, node.most_below);
  text += node.text;
  most_text = std::max(most_text, node.most_text);
  longest = std::max(longest, node.longest);
}

TreeFigures::TreeFigures(pugi::xml_node tree) {
  measure(tree, 0);
}

/// Names beyond the limit share the figures of all.
NodeFigures& TreeFigures::named(Named& names, NodeFigures& rest, const char* name) {
  const auto found = names.find(std::string_view(name));
  if (found != names.end()) return found->second;
  if (names.size() >= kMaxNamesCounted) return rest;
  return names[name];
}

const NodeFigures& TreeFigures::elements(std::string_view name) const {
  static const NodeFigures none;
  if (name.ends_with('*')) return all_elements_;
  const auto found = elements_.find(name);
  if (found != elements_.end()) return found->second;
  return elements_.size() >= kMaxNamesCounted ? all_elements_ : none;
}

const NodeFigures& TreeFigures::attributes(std::string_view name) const {
  static const NodeFigures none;
  if (name.ends_with('*')) return all_attributes_;
  const auto found = attributes_.find(name);
  if (found != attributes_.end()) return found->second;
  return attributes_.size() >= kMaxNamesCounted ? all_attributes_ : none;
}

TreeFigures::Measured TreeFigures::measure(pugi::xml_node node, double level) {
  depth_ = std::max(depth_, level);
  NodeFigures own;
  own.count = 1;
  Measured all;
  for (auto child = node.first_child(); child; child = child.next_sibling()) {
    ++own.children;
    if (child.type() == pugi::node_element) {
      const Measured below = measure(child, level + 1);
      all.octets += below.octets;
      all.pieces += below.pieces;
      all.below += 1 + below.below;
      continue;
    }
    const auto octets = static_cast<double>(std::strlen(child.value()));
    all.octets += octets;
    ++all.pieces;
    ++all.below;
    const double cost = text_cost(octets, 1);
    texts_.add({.count = 1, .text = cost, .most_text = cost, .longest = octets});
  }
  for (auto each = node.first_attribute(); each; each = each.next_attribute()) {
    ++own.attributes;
    const auto octets = static_cast<double>(std::strlen(each.value()));
    const double cost = text_cost(octets, 1);
    const NodeFigures figures{.count = 1, .text = cost, .most_text = cost, .longest = octets};
    NodeFigures& kin = named(attributes_, all_attributes_, each.name());
    if (&kin != &all_attributes_) kin.add(figures);
    all_attributes_.add(figures);
  }
  sibling_pairs_ += own.children * own.children;
  own.most_children = own.children;
  own.most_attributes = own.attributes;
  own.below = own.most_below = all.below;
  own.text = own.most_text = all.pieces + text_cost(all.octets, all.pieces) + all.below;
  own.longest = all.octets;
  everything_.add(own);
  if (level == 0) {
    root_ = own;
    everything_.add(texts_);
    everything_.add(all_attributes_);
    return all;
  }
  NodeFigures& kin = named(elements_, all_elements_, node.name());
  if (&kin != &all_elements_) kin.add(own);
  all_elements_.add(own);
  return all;
}

namespace {

/// Nodes that a part of an expression is evaluated at, or gives, in all its evaluations together.
struct NodeBatch {
  const NodeFigures* kind = nullptr;  ///< what is known of nodes like these
  double nodes = 0;                   ///< in all evaluations
  double copies = 0;                  ///< of one node, in all evaluations
  double most = 0;                    ///< in one evaluation
  bool in_order = true;               ///< pugixml knows that they are

  /// To put together the string values of all.
  double texts() const { return std::min(nodes * kind->most_text, copies * kind->text); }
};

/// What a part of an expression gives: nodes, a text, or something short.
struct ReckonedValue {
  bool is_set = false;
  bool is_number = false;
  NodeBatch set = {};
  double text = 0;     ///< visits to go once over the texts of all evaluations
  double longest = 0;  ///< of these texts, in octets
};

bool is_any_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

class XPathReckoning {
 public:
  explicit XPathReckoning(const TreeFigures& tree) : tree_(tree) {}

  double run(const XPathExpression& whole) {
    const ReckonedValue value = evaluate(whole, {&tree_.root(), 1, 1, 1, true});
    if (value.is_set && !value.set.in_order) {  // as nodes_in_order() does it
      const double steps = std::log2(value.set.nodes + 2);
      visits_ += (value.set.nodes + tree_.everything().count) * steps;
    }
    return visits_;
  }

 private:
  using Kind = XPathExpression::Kind;

  ReckonedValue evaluate(const XPathExpression& part, const NodeBatch& at) {
    visits_ += at.nodes;
    switch (part.kind) {
      case Kind::number:
        return {.is_number = true};
      case Kind::literal: {
        const auto octets = static_cast<double>(part.text.size());
        return {.text = at.nodes * octets / kOctetsPerVisit, .longest = octets};
      }
      case Kind::variable:
        return {};
      case Kind::call:
        return call(part, at);
      case Kind::operation:
        return operation(part, at);
      case Kind::comparison:
        return comparison(part, at);
      case Kind::together:
        return together(part, at);
      case Kind::path:
        return path(part, at);
    }
    return {};
  }

  /// The text of a value in each evaluation; of a set, that of its first node.
  ReckonedValue as_text(const ReckonedValue& value, double evaluations) {
    visits_ += evaluations;
    if (value.is_number) visits_ += evaluations * kVisitsOfConversion;
    if (!value.is_set) {
      visits_ += value.text;
      return {.text = value.text, .longest = value.longest};
    }
    if (!value.set.in_order) visits_ += value.set.nodes * distance();
    const NodeFigures& kind = *value.set.kind;
    const double cost = std::min(evaluations * kind.most_text, value.set.copies * kind.text);
    visits_ += cost;
    return {.text = cost, .longest = kind.longest};
  }

  /// Between two nodes, as pugixml goes to compare their places.
  double distance() const { return tree_.depth() + tree_.everything().most_children; }

  ReckonedValue call(const XPathExpression& part, const NodeBatch& at) {
    const std::string_view name = part.text;
    ReckonedValue result;
    result.is_number = is_any_of(name, {"number", "sum", "count", "string-length", "floor",
                                        "ceiling", "round", "position", "last"});
    if (part.parts.empty() &&
        is_any_of(name, {"string", "number", "normalize-space", "string-length"})) {
      const NodeBatch self{at.kind, at.nodes, at.copies, 1, true};
      result = as_text({.is_set = true, .set = self}, at.nodes);
    }
    double factor = 0;
    for (const XPathExpression& each : part.parts) {
      const ReckonedValue value = evaluate(each, at);
      if (name == "sum") {
        visits_ += value.set.kind == nullptr
                       ? 0
                       : value.set.texts() + value.set.nodes * kVisitsOfConversion;
      } else if (!is_any_of(name, {"count", "not", "boolean", "true", "false", "name", "local-name",
                                   "namespace-uri"})) {
        const ReckonedValue text = as_text(value, at.nodes);
        // translate() looks for each character of the first text in the second.
        if (&each != &part.parts.front()) factor = std::max(factor, text.longest);
        if (name == "translate") visits_ += result.text * kOctetsPerVisit / 8 * factor;
        result.text += text.text;
        result.longest += text.longest;
      } else if (value.is_set && !value.set.in_order &&
                 name.find("name") != std::string_view::npos) {
        visits_ += value.set.nodes * distance();
      }
    }
    if (name == "lang") visits_ += at.nodes * (1 + tree_.depth()) * (1 + at.kind->most_attributes);
    if (result.is_number) visits_ += at.nodes * kVisitsOfConversion;
    return result;
  }

  ReckonedValue operation(const XPathExpression& part, const NodeBatch& at) {
    const bool logic = is_any_of(part.text, {"and", "or"});
    for (const XPathExpression& each : part.parts) {
      const ReckonedValue value = evaluate(each, at);
      if (logic) continue;
      as_text(value, at.nodes);
      visits_ += at.nodes * kVisitsOfConversion;
    }
    return {.is_number = !logic};
  }

  ReckonedValue comparison(const XPathExpression& part, const NodeBatch& at) {
    ReckonedValue left = evaluate(part.parts.front(), at);
    for (std::size_t i = 1; i < part.parts.size(); ++i) {
      const ReckonedValue right = evaluate(part.parts[i], at);
      if (left.is_set && right.is_set) {
        // Each with each, and the texts of both are put together each time.
        visits_ += 4 * std::min(left.set.nodes * right.set.most, right.set.nodes * left.set.most);
        visits_ += left.set.texts() * right.set.most + right.set.texts() * left.set.most;
      } else {
        for (const ReckonedValue& side : {std::cref(left), std::cref(right)}) {
          if (side.is_set) visits_ += side.set.nodes * 4 + side.set.texts();
          if (!side.is_set) as_text(side, at.nodes);
        }
      }
      left = {};
    }
    return {};
  }

  ReckonedValue together(const XPathExpression& part, const NodeBatch& at) {
    ReckonedValue all{.is_set = true, .set = {nullptr, 0, 0, 0, false}};
    for (const XPathExpression& each : part.parts) {
      const ReckonedValue value = evaluate(each, at);
      if (!value.is_set) continue;
      const bool alike = all.set.kind == nullptr || all.set.kind == value.set.kind;
      all.set.kind = alike ? value.set.kind : &tree_.everything();
      all.set.nodes += value.set.nodes;
      all.set.copies = std::min(at.nodes, all.set.copies + value.set.copies);
      all.set.most += value.set.most;
      visits_ += 4 * all.set.nodes;
    }
    if (all.set.kind == nullptr) return {};
    all.set.most = std::min(all.set.most, all.set.kind->count);
    return all;
  }

  ReckonedValue path(const XPathExpression& part, const NodeBatch& at) {
    NodeBatch set{at.kind, at.nodes, at.copies, 1, true};
    if (part.start == XPathExpression::Start::root) {
      set = {&tree_.root(), at.nodes, at.nodes, 1, true};
    } else if (part.start == XPathExpression::Start::part) {
      const ReckonedValue value = evaluate(part.parts.front(), at);
      if (!value.is_set) return {};
      set = value.set;
      if (!part.predicates.empty() && !set.in_order) {
        visits_ += set.nodes * std::log2(set.most + 2) * distance();
        set.in_order = true;
      }
      for (const XPathExpression& predicate : part.predicates) {
        evaluate(predicate, {set.kind, set.nodes, set.copies, 1, true});
      }
    }
    for (const XPathStep& each : part.steps) set = step(each, set, at.nodes);
    return {.is_set = true, .set = set};
  }

  const NodeFigures& tested(const XPathStep& step, const NodeBatch& from) const {
    static const NodeFigures none;
    if (step.test == "comment()" || step.axis == XPathAxis::namespaces) return none;
    if (step.axis == XPathAxis::attribute) {
      return step.test == "text()" ? none
                                   : tree_.attributes(step.test == "node()" ? "*" : step.test);
    }
    if (step.test == "text()") return tree_.texts();
    if (step.test != "node()") return tree_.elements(step.test);
    return step.axis == XPathAxis::self ? *from.kind : tree_.everything();
  }

  /// What going along an axis costs, and what it may find before duplicates are taken out.
  struct Way {
    double visits;
    double each;    ///< from one node
    double copies;  ///< of one node
  };
  Way way(XPathAxis axis, const NodeBatch& from) const {
    const NodeFigures& kind = *from.kind;
    const NodeFigures& all = tree_.everything();
    const double n = from.nodes;
    const double levels = tree_.depth() + 1;
    switch (axis) {
      case XPathAxis::self:
        return {n, 1, from.copies};
      case XPathAxis::child:
        return {std::min(n * kind.most_children, from.copies * kind.children), kind.most_children,
                from.copies};
      case XPathAxis::attribute:
        return {std::min(n * kind.most_attributes, from.copies * kind.attributes),
                kind.most_attributes, from.copies};
      case XPathAxis::parent:
        return {n, 1, from.copies * std::max(all.most_children, all.most_attributes)};
      case XPathAxis::ancestor:
      case XPathAxis::ancestor_or_self:
        return {n * levels, levels, n};
      case XPathAxis::descendant:
      case XPathAxis::descendant_or_self:
        return {n + std::min(n * kind.most_below, from.copies * kind.below), 1 + kind.most_below,
                from.copies * levels};
      case XPathAxis::following_sibling:
      case XPathAxis::preceding_sibling:
        return {std::min(n * all.most_children, from.copies * tree_.sibling_pairs()),
                all.most_children, from.copies * all.most_children};
      case XPathAxis::following:
      case XPathAxis::preceding:
        return {n * all.count, all.count, n};
      case XPathAxis::namespaces:
        break;
    }
    return {n, 0, 0};
  }

  NodeBatch step(const XPathStep& step, const NodeBatch& from, double evaluations) {
    const NodeFigures& kind = tested(step, from);
    Way way = this->way(step.axis, from);
    way.each = std::min(way.each, kind.count);
    way.copies = std::min(way.copies, from.nodes);
    const double found = std::min({way.visits, from.nodes * way.each, way.copies * kind.count});
    visits_ += from.nodes + way.visits + found;
    for (const XPathExpression& predicate : step.predicates) {
      evaluate(predicate, {&kind, found, std::min(way.copies, found), 1, true});
    }
    NodeBatch to{&kind, found, std::min(way.copies, evaluations), 0, true};
    to.most = std::min(from.most * way.each, kind.count);
    to.nodes = std::min(found, evaluations * to.most);
    to.in_order = step.axis == XPathAxis::self ? from.in_order : from.most <= 1;
    return to;
  }

  const TreeFigures& tree_;
  double visits_ = 0;
};

}  // namespace

Expected<double> visits_of(std::string_view xpath, const TreeFigures& tree) {
  const auto whole = parse_xpath(xpath);
  if (!whole) return std::unexpected(whole.error());
  return XPathReckoning(tree).run(*whole);
}

double visits_of_parsing(std::string_view xpath) {
  return kVisitsOfParsing * static_cast<double>(xpath.size());
}

double visits_of_measuring(const TreeFigures& tree) {
  return kVisitsOfMeasuring * tree.everything().count +
         tree.root().longest / kOctetsMeasuredInAVisit;
}

Expected<void> check_cost(std::string_view xpath, pugi::xml_node tree) {
  // Steps down by names visit no node twice.
  if (xpath.find_first_of("[(|*:@.") == std::string_view::npos &&
      xpath.find("//") == std::string_view::npos) {
    return {};
  }
  const auto visits = visits_of(xpath, TreeFigures(tree));
  if (!visits) return std::unexpected(visits.error());
  if (*visits > kMaxVisits) {
    return fail("the path looks at too many settings, or too much text, for each setting");
  }
  return {};
}

}  // namespace provlab::settings
