#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/language/specification.hpp"

/// Finding the rule that somebody has in mind.
namespace provlab::lab {

/// What a word names: a rule by its number, the rules of a section by its (`2`; `10` or `I` are the
/// invariants), or all rules that say it, in whatever case.
struct RulesMeant {
  std::vector<const SpecRule*> rules;  ///< none where the word names nothing; never null
  std::string heading;                 ///< says which they are; empty where it is one by its number
  std::string said;                    ///< what they all say; empty where they were named
};
RulesMeant rules_meant(std::string_view word);

/// A sentence for a word that names nothing.
std::string names_no_rule(std::string_view word);

/// The heading, and a line with number and title for each rule; under it, what it says of the word.
std::string rule_titles(const RulesMeant& meant);

/// The titles of all rules, section by section.
std::string all_rule_titles();

}  // namespace provlab::lab
