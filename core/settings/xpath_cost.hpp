#pragma once
#include <map>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "core/platform/error.hpp"

namespace provlab::settings {

/// What is known of some nodes of a tree, as upper bounds: sums over all of them, and the most that
/// one of them has.
struct NodeFigures {
  double count = 0;
  double children = 0;
  double most_children = 0;
  double attributes = 0;
  double most_attributes = 0;
  double below = 0;  ///< nodes
  double most_below = 0;
  double text = 0;  ///< visits to put the string values together
  double most_text = 0;
  double longest = 0;  ///< string value, in octets

  void add(const NodeFigures& node);
};

/// The figures of a tree, by names. They stay upper bounds while nodes are taken away from the
/// tree. Text counts as it costs: pugixml copies a string that grows every 1,024 octets.
class TreeFigures {
 public:
  explicit TreeFigures(pugi::xml_node tree);

  const NodeFigures& root() const { return root_; }
  const NodeFigures& everything() const { return everything_; }
  const NodeFigures& texts() const { return texts_; }
  const NodeFigures& elements(std::string_view name) const;    ///< `*` for all
  const NodeFigures& attributes(std::string_view name) const;  ///< `*` for all
  double depth() const { return depth_; }
  double sibling_pairs() const { return sibling_pairs_; }

 private:
  /// Names of one length and first octet are few: what has others need not be compared.
  struct ByLength {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const {
      if (a.size() != b.size()) return a.size() < b.size();
      if (a.empty() || a.front() == b.front()) return a < b;
      return a.front() < b.front();
    }
  };
  using Named = std::map<std::string, NodeFigures, ByLength>;
  struct Measured {
    double octets = 0;
    double pieces = 0;
    double below = 0;
  };
  Measured measure(pugi::xml_node node, double level);
  static NodeFigures& named(Named& names, NodeFigures& rest, const char* name);

  NodeFigures root_;
  NodeFigures everything_;
  NodeFigures texts_;
  NodeFigures all_elements_;
  NodeFigures all_attributes_;
  Named elements_;
  Named attributes_;
  double depth_ = 0;
  double sibling_pairs_ = 0;
};

/// How many visits evaluating expressions may cost, each some 10 ns: together they stay well below
/// the 300 ms that a document may take.
inline constexpr double kMaxVisits = 1e7;

/// An upper bound on the visits, to nodes and to every 32 octets of text, that evaluating an
/// expression on a tree costs; an error where it cannot be reckoned. pugixml cannot be stopped
/// while it evaluates, so that this has to be asked before.
Expected<double> visits_of(std::string_view xpath, const TreeFigures& tree);

/// As many visits take the time of parsing an expression.
double visits_of_parsing(std::string_view xpath);
/// As many take the time of measuring a tree with these figures.
double visits_of_measuring(const TreeFigures& tree);

/// Refuses an expression that would take too long on a tree, where it is the only one.
Expected<void> check_cost(std::string_view xpath, pugi::xml_node tree);

}  // namespace provlab::settings
