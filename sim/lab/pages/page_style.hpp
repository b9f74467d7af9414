#pragma once
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// Style sheet and script as pages have them, each of which has both: without what only their
/// authors need, and without rules for what is not on the page.
namespace provlab::lab {

/// Without comments, and without blanks and line ends that mean nothing. Regular expressions in it
/// hold neither quotes nor `//`.
std::string squeezed_script(std::string_view script);

/// A style sheet that knows of each rule what it is about.
class StyleSheet {
 public:
  /// What `script` names is on every page.
  StyleSheet(std::string_view style, std::string_view script);
  StyleSheet(const StyleSheet&) = delete;
  StyleSheet& operator=(const StyleSheet&) = delete;

  /// The rules all of whose classes and ids `body` has, or the script. What stands in parentheses,
  /// as in `:not(.script)`, may be anywhere.
  std::string rules_for(std::string_view body) const;
  const std::string& all() const { return all_; }  ///< squeezed

 private:
  struct Rule {
    std::string_view selectors;                          ///< or a condition, such as `@media print`
    std::string_view block;                              ///< with its braces; empty for a condition
    std::vector<std::vector<std::string_view>> names{};  ///< of each, what pages may lack
    std::vector<Rule> within{};                          ///< the condition
  };
  /// `everywhere`: what no page lacks.
  static std::vector<Rule> read(std::string_view text,
                                const std::set<std::string_view>& everywhere);

  std::string all_;
  std::vector<Rule> rules_;
};

}  // namespace provlab::lab
