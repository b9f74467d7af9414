#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "core/platform/error.hpp"

namespace provlab::settings {

struct XPathExpression;

enum class XPathAxis {
  ancestor,
  ancestor_or_self,
  attribute,
  child,
  descendant,
  descendant_or_self,
  following,
  following_sibling,
  namespaces,
  parent,
  preceding,
  preceding_sibling,
  self,
};

/// One step of a path. The `//` between two steps is a step too, of no text.
struct XPathStep {
  XPathAxis axis = XPathAxis::child;
  std::string_view test;  ///< a name, `*`, `prefix:*`, or a node type such as `node()`
  std::vector<XPathExpression> predicates;
  std::size_t begin = 0;     ///< in the expression's text
  std::size_t test_end = 0;  ///< behind the test, before the predicates
  std::size_t end = 0;

  bool is_name(std::string_view name) const { return test == name; }
};

/// An expression of XPath 1.0 as a tree. Texts are views of the expression that was parsed.
struct XPathExpression {
  enum class Kind {
    number,
    literal,
    variable,
    call,        ///< `text` is the function, `parts` are its arguments
    operation,   ///< `text` is an operator of its level; `parts` are all operands of that level
    comparison,  ///< as an operation, of `=`, `!=`, `<`, `<=`, `>` and `>=`
    together,    ///< a union; `parts` are its sets
    path,        ///< `steps`, from where `start` says
  };
  enum class Start {
    context,
    root,
    part,  ///< the one of `parts`, each of whose nodes has to pass `predicates`
  };

  Kind kind = Kind::path;
  Start start = Start::context;
  std::string_view text;
  std::vector<XPathExpression> parts;
  std::vector<XPathExpression> predicates;
  std::vector<XPathStep> steps;
  std::size_t begin = 0;  ///< in the expression's text
  std::size_t end = 0;
};

/// Parses an expression by the grammar of XPath 1.0; which names are functions and how many
/// arguments they take is not looked at. Tells `*`, `and`, `or`, `div` and `mod` as operators from
/// the same as names by what stands before them (XPath 1.0, 3.7).
Expected<XPathExpression> parse_xpath(std::string_view text);

}  // namespace provlab::settings
