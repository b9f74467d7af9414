#include "core/settings/operations.hpp"

#include <fmt/format.h>

#include <vector>

#include "core/platform/text.hpp"
#include "core/settings/document_limits.hpp"
#include "core/settings/xml_tree.hpp"
#include "core/settings/xpath.hpp"

// carry_out() checks everything before it changes anything: the verb, what the operation carries,
// what its path selects, whether the verb may do that to a section, how deep settings would nest.
// Work is paid for before it is done, since none of it can be stopped halfway (D32): visits before
// the path is evaluated, elements before they are written.
// Targets are changed from the last in the document to the first: one that lies inside another is
// dealt with before the other is replaced or removed.
namespace provlab::settings {

namespace {

/// What is done for any operation: the events that tell of it, above all.
constexpr double kVisitsOfOperation = 100;

enum class Verb { remove, replace, add };

Expected<Verb> verb_of(pugi::xml_node operation) {
  const std::string_view name = operation.name();
  if (name == "delete") return Verb::remove;
  if (name == "replace") return Verb::replace;
  if (name == "add") return Verb::add;
  return fail(fmt::format("operation '{}' is not known; allowed are delete, replace and add",
                          shortened(name)));
}

pugi::xml_node section_of(pugi::xml_node element) {
  while (is_element(element.parent())) element = element.parent();
  return element;
}

/// Takes visits from the budget.
Expected<void> pay(double visits, OperationBudget& budget) {
  if (visits > budget.visits) {
    return fail(
        "the paths of this document look at too many settings, or too much text, for each setting, "
        "which takes too long; write them without //, contains() and sibling axes inside []");
  }
  budget.visits -= visits;
  return {};
}

/// Takes what evaluating an expression costs from the budget.
Expected<void> pay_for(std::string_view expression, const pugi::xml_document& sections,
                       OperationBudget& budget) {
  if (!budget.figures) {
    budget.figures.emplace(sections);
    budget.visits -= visits_of_measuring(*budget.figures);
  }
  const auto visits = visits_of(expression, *budget.figures);
  if (!visits) {
    return fail(fmt::format("the path is no valid XPath: {}", visits.error().to_string()));
  }
  return pay(*visits, budget);
}

/// The elements that a path selects, in document order.
Expected<std::vector<pugi::xml_node>> select_elements(std::string_view path,
                                                      const pugi::xml_document& sections,
                                                      OperationBudget& budget) {
  if (trimmed(path).empty()) return fail("the path is empty");
  if (path.size() > kMaxPathOctets) {
    return fail(fmt::format("the path is longer than {} octets", kMaxPathOctets));
  }
  if (auto paid = pay(kVisitsOfOperation + visits_of_parsing(path), budget); !paid) {
    return std::unexpected(paid.error());
  }
  std::vector<pugi::xml_node> elements;
  try {
    const std::string expression = paths_from_section(path);
    const pugi::xpath_query query(expression.c_str());
    if (auto paid = pay_for(expression, sections, budget); !paid) {
      return std::unexpected(paid.error());
    }
    if (query.return_type() != pugi::xpath_type_node_set) {
      return fail("this XPath selects no elements but gives a value");
    }
    for (const pugi::xpath_node& node : nodes_in_order(query, sections)) {
      if (node.attribute()) return fail("the path selects an attribute; it must select elements");
      if (node.node().type() == pugi::node_document) {
        return fail("the path selects the whole configuration; it must select settings");
      }
      if (!is_element(node.node())) return fail("the path selects text; it must select elements");
      elements.push_back(node.node());
    }
  } catch (const pugi::xpath_exception& error) {
    return fail(fmt::format("the path is no valid XPath: {}", error.result().description()));
  }
  if (elements.empty()) return fail("the path selects nothing");
  return elements;
}

/// Checks what the operation carries against what its verb wants.
Expected<void> check_content(Verb verb, pugi::xml_node operation) {
  if (has_own_text(operation)) return fail("text inside an operation is not allowed");
  std::size_t given = 0;
  for (pugi::xml_node child = first_element(operation); child; child = next_element(child)) ++given;
  switch (verb) {
    case Verb::remove:
      return given == 0 ? Expected<void>() : fail("delete takes no element");
    case Verb::replace:
      return given == 1 ? Expected<void>()
                        : fail(fmt::format("replace takes the one new element, not {}", given));
    case Verb::add:
      return given >= 1 ? Expected<void>() : fail("add takes the element to append");
  }
  return {};
}

Expected<void> check_targets(Verb verb, pugi::xml_node operation,
                             const std::vector<pugi::xml_node>& targets) {
  for (const pugi::xml_node target : targets) {
    if (is_element(target.parent()) || verb == Verb::add) continue;
    if (verb == Verb::remove) {
      return fail(fmt::format("section '{}' cannot be deleted as a whole", target.name()));
    }
    const std::string_view name = first_element(operation).name();
    if (name != target.name()) {
      return fail(fmt::format("section '{}' can only be replaced by its like, not by '{}'",
                              target.name(), shortened(name)));
    }
  }
  return {};
}

/// A section that is nested deeper could not be restored from a backup, nor read from the store.
Expected<void> check_depth(Verb verb, pugi::xml_node operation,
                           const std::vector<pugi::xml_node>& targets) {
  if (verb == Verb::remove) return {};
  const std::size_t given = levels_below(operation);
  for (const pugi::xml_node target : targets) {
    std::size_t levels = given + (verb == Verb::add ? 1 : 0);
    for (auto above = target.parent(); is_element(above); above = above.parent()) ++levels;
    if (levels > kMaxSectionDepth) {
      return fail(fmt::format("settings would be nested deeper than {} levels", kMaxSectionDepth));
    }
  }
  return {};
}

void act(Verb verb, pugi::xml_node operation, pugi::xml_node target) {
  switch (verb) {
    case Verb::remove:
      target.parent().remove_child(target);
      break;
    case Verb::replace: {
      pugi::xml_node parent = target.parent();
      pugi::xml_node given = parent.insert_copy_after(first_element(operation), target);
      if (!is_element(parent)) {  // a section: its version is the device's business
        given.remove_attribute("patch");
        given.remove_attribute("version");
        given.prepend_copy(target.attribute("version"));
      }
      parent.remove_child(target);
      break;
    }
    case Verb::add:
      for (pugi::xml_node given = first_element(operation); given; given = next_element(given)) {
        target.append_copy(given);
      }
      break;
  }
}

}  // namespace

Expected<OperationEffect> carry_out(pugi::xml_node operation, pugi::xml_document& sections,
                                    OperationBudget& budget) {
  const auto verb = verb_of(operation);
  if (!verb) return std::unexpected(verb.error());
  if (!operation.attribute("path")) return fail("the operation has no path");
  if (auto checked = check_content(*verb, operation); !checked) {
    return std::unexpected(checked.error());
  }
  const auto too_much = [] {
    return fail(fmt::format("the operations of this document write more than {} elements",
                            kMaxElementsWritten));
  };
  const std::size_t given = count_elements(operation);
  if (given > budget.written) return too_much();
  auto targets = select_elements(operation.attribute("path").value(), sections, budget);
  if (!targets) return std::unexpected(targets.error());
  if (auto checked = check_targets(*verb, operation, *targets); !checked) {
    return std::unexpected(checked.error());
  }
  if (auto checked = check_depth(*verb, operation, *targets); !checked) {
    return std::unexpected(checked.error());
  }
  const std::size_t written = given * targets->size();
  if (written > budget.written) {
    budget.written = 0;
    return too_much();
  }
  budget.written -= written;
  if (*verb != Verb::remove) budget.figures.reset();
  OperationEffect effect;
  effect.matches = targets->size();
  for (const pugi::xml_node target : *targets) effect.sections.emplace(section_of(target).name());
  // From the last to the first, so that what lies inside another match is dealt with before it.
  for (auto target = targets->rbegin(); target != targets->rend(); ++target) {
    act(*verb, operation, *target);
  }
  return effect;
}

}  // namespace provlab::settings
