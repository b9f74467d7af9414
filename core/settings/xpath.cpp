#include "core/settings/xpath.hpp"

#include <algorithm>

#include "core/platform/text.hpp"
#include "core/settings/xpath_tree.hpp"

// pugixml evaluates expressions; here their trees (xpath_tree.hpp) are read.
// SectionPaths notes what of the text has to change. `configuration` stands for the root of the
// sections: as the first step it is left out, or becomes self::node() where predicates follow; on
// axes that may reach the root it becomes any node that is the root or of that name.
// only_section() gives the first step up for anything that may lead elsewhere: an axis that goes
// up or aside, an absolute path in a predicate, an operator.
namespace provlab::settings {

namespace {

constexpr std::string_view kRoot = "configuration";
constexpr std::string_view kRootOrNamesake = "[self::configuration or not(parent::node())]";

class SectionPaths {
 public:
  explicit SectionPaths(std::string_view xpath) : xpath_(xpath) {}

  std::string rewritten(const XPathExpression& whole) {
    visit(whole, true);
    std::ranges::sort(edits_, {}, &Edit::begin);
    std::string out;
    std::size_t at = 0;
    for (const Edit& edit : edits_) {
      out += xpath_.substr(at, edit.begin - at);
      out += edit.text;
      at = edit.end;
    }
    out += xpath_.substr(at);
    return out;
  }

 private:
  struct Edit {
    std::size_t begin;
    std::size_t end;
    std::string text;
  };

  void visit(const XPathExpression& expression, bool at_root) {
    for (const XPathExpression& part : expression.parts) visit(part, at_root);
    for (const XPathExpression& predicate : expression.predicates) visit(predicate, false);
    for (const XPathStep& step : expression.steps) {
      for (const XPathExpression& predicate : step.predicates) visit(predicate, false);
    }
    if (expression.kind == XPathExpression::Kind::path) path(expression, at_root);
  }

  void path(const XPathExpression& whole, bool at_root) {
    bool on_root = whole.start == XPathExpression::Start::root ||
                   (whole.start == XPathExpression::Start::context && at_root);
    for (std::size_t i = 0; i < whole.steps.size(); ++i) {
      const XPathStep& step = whole.steps[i];
      const bool named = step.test == kRoot;
      if (on_root && named && step.axis == XPathAxis::child) {
        first_step(whole, i);
        on_root = false;
      } else if (on_root && is_anywhere(step) && i + 1 < whole.steps.size() &&
                 whole.steps[i + 1].test == kRoot && whole.steps[i + 1].axis == XPathAxis::child) {
        ++i;
        const std::string slash = is_implied(step) ? "/" : "";
        edits_.push_back({step.begin, whole.steps[i].test_end,
                          slash + "descendant-or-self::node()" + std::string(kRootOrNamesake)});
        on_root = false;
      } else if (named && may_be_root(step.axis, on_root)) {
        const std::string_view written = xpath_.substr(step.begin, step.test_end - step.begin);
        std::string axis(written.substr(0, written.find("::")));
        if (step.axis == XPathAxis::descendant) axis = "descendant-or-self";
        edits_.push_back(
            {step.begin, step.test_end, axis + "::node()" + std::string(kRootOrNamesake)});
        on_root = false;
      } else {
        on_root = on_root && step.axis == XPathAxis::self && step.test == "node()";
      }
    }
  }

  static bool is_implied(const XPathStep& step) { return step.begin == step.end; }
  /// What `//` stands for, or is.
  static bool is_anywhere(const XPathStep& step) {
    return step.axis == XPathAxis::descendant_or_self && step.test == "node()" &&
           step.predicates.empty();
  }

  static bool may_be_root(XPathAxis axis, bool on_root) {
    switch (axis) {
      case XPathAxis::ancestor:
      case XPathAxis::ancestor_or_self:
      case XPathAxis::parent:
      case XPathAxis::self:
        return true;
      case XPathAxis::descendant:
      case XPathAxis::descendant_or_self:
        return on_root;
      default:
        return false;
    }
  }

  /// `configuration` as the first step of a path from the root.
  void first_step(const XPathExpression& whole, std::size_t at) {
    const XPathStep& step = whole.steps[at];
    const bool absolute = whole.start == XPathExpression::Start::root;
    const bool plain = std::ranges::all_of(step.predicates, [](const XPathExpression& predicate) {
      return predicate.kind == XPathExpression::Kind::number && predicate.text == "1";
    });
    if (at > 0 || !plain) {
      const std::size_t end = plain ? step.end : step.test_end;
      edits_.push_back({step.begin, end, at > 0 || absolute ? "self::node()" : "/self::node()"});
    } else if (at + 1 == whole.steps.size()) {
      // A lone slash before a name would make a step of the name.
      const bool all = whole.begin == 0 && whole.end == xpath_.size();
      edits_.push_back({whole.begin, whole.end, all ? "/" : "/self::node()"});
    } else {
      const XPathStep& next = whole.steps[at + 1];
      edits_.push_back({whole.begin, next.begin, is_implied(next) ? "" : "/"});
    }
  }

  std::string_view xpath_;
  std::vector<Edit> edits_;
};

bool goes_down(XPathAxis axis) {
  switch (axis) {
    case XPathAxis::attribute:
    case XPathAxis::child:
    case XPathAxis::descendant:
    case XPathAxis::descendant_or_self:
    case XPathAxis::self:
      return true;
    default:
      return false;
  }
}

/// Whether evaluating `expression` at some node looks at nothing but that node and those below it.
bool stays_below(const XPathExpression& expression) {
  const auto stays = [](const XPathExpression& each) { return stays_below(each); };
  return expression.start != XPathExpression::Start::root &&
         std::ranges::all_of(expression.parts, stays) &&
         std::ranges::all_of(expression.predicates, stays) &&
         std::ranges::all_of(expression.steps, [&](const XPathStep& step) {
           return goes_down(step.axis) && std::ranges::all_of(step.predicates, stays);
         });
}

std::string_view without_slashes_at_the_end(std::string_view xpath) {
  while (xpath.ends_with('/')) xpath = trimmed(xpath.substr(0, xpath.size() - 1));
  return xpath;
}

}  // namespace

std::string paths_from_section(std::string_view xpath) {
  xpath = trimmed(xpath);
  auto whole = parse_xpath(xpath);
  if (!whole) {  // a slash at the end may be one too many, or the root: `//key | /`
    xpath = without_slashes_at_the_end(xpath);
    if (xpath.empty()) return "/";
    whole = parse_xpath(xpath);
  }
  return whole ? SectionPaths(xpath).rewritten(*whole) : std::string(xpath);
}

std::string_view only_section(std::string_view xpath) {
  auto whole = parse_xpath(xpath);
  if (!whole || whole->kind != XPathExpression::Kind::path || whole->steps.empty() ||
      whole->start == XPathExpression::Start::part) {
    return {};
  }
  const XPathStep& first = whole->steps.front();
  if (first.axis != XPathAxis::child ||
      first.test.find_first_of("*:()") != std::string_view::npos) {
    return {};
  }
  whole->start = XPathExpression::Start::context;
  return stays_below(*whole) ? first.test : std::string_view();
}

namespace {

/// Appends the nodes below `top`, and their attributes, that are among `wanted`.
void find_in_order(pugi::xml_node top, const std::vector<const void*>& wanted,
                   std::vector<pugi::xpath_node>& out) {
  for (auto node = top.first_child(); node; node = node.next_sibling()) {
    if (std::ranges::binary_search(wanted, node.internal_object())) out.emplace_back(node);
    for (auto attribute = node.first_attribute(); attribute;
         attribute = attribute.next_attribute()) {
      if (std::ranges::binary_search(wanted, attribute.internal_object())) {
        out.emplace_back(attribute, node);
      }
    }
    find_in_order(node, wanted, out);
  }
}

}  // namespace

std::vector<pugi::xpath_node> nodes_in_order(const pugi::xpath_query& query, pugi::xml_node tree) {
  pugi::xpath_node_set found = query.evaluate_node_set(tree);
  if (found.type() != pugi::xpath_node_set::type_unsorted) {
    found.sort();
    return {found.begin(), found.end()};
  }
  // pugixml compares two nodes by walking along all that stand between them.
  std::vector<const void*> wanted;
  std::vector<pugi::xpath_node> ordered;
  for (const pugi::xpath_node& node : found) {
    if (node.node().type() == pugi::node_document) ordered.push_back(node);
    if (node.attribute()) {
      wanted.push_back(node.attribute().internal_object());
    } else {
      wanted.push_back(node.node().internal_object());
    }
  }
  std::ranges::sort(wanted);
  find_in_order(tree, wanted, ordered);
  return ordered;
}

}  // namespace provlab::settings
