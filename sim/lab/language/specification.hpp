#pragma once
#include <span>
#include <string>
#include <string_view>

namespace provlab::lab {

/// A rule of the specification, or an invariant, that scenarios cite by its number. Single faults
/// of section 9 have numbers with a word: `9.dhcp-nak`.
struct Rule {
  std::string_view number;
  std::string_view title;  ///< one line, without a full stop
};

/// What no run can show: the part of a rule, and where it is seen to instead.
struct BeyondRuns {
  std::string_view number;
  std::string_view what;
  std::string_view reason;
};

/// Every rule that the library of scenarios has to cover, in the order of the specification.
std::span<const Rule> specification_rules();

std::span<const BeyondRuns> beyond_runs();

/// Whether `number` can be cited.
bool is_rule(std::string_view number);

/// ` (did you mean '2.1'?); section 2 goes from 2.1 to 2.15`, as far as it helps.
std::string rules_near(std::string_view number);

}  // namespace provlab::lab
