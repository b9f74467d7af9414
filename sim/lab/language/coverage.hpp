#pragma once
#include <span>
#include <string>
#include <vector>

#include "sim/lab/language/specification.hpp"
#include "sim/lab/plan/plan.hpp"

namespace provlab::lab {

/// A rule and the names of the scenarios that cite it, in the order of the plans.
struct RuleCoverage {
  const SpecRule* rule;  ///< never null
  std::vector<std::string> scenarios;

  /// No scenario cites it, and it does not say that none can.
  bool is_missing() const;
};

/// Every rule of the specification, in its order. Null plans count for nothing.
std::vector<RuleCoverage> rule_coverage(std::span<const Shared<ScenarioPlan>> plans);

/// The coverage for people: rules with their scenarios, what no run can show, rules that are not
/// followed yet, rules that no scenario covers, and as the last line `uncovered: N`.
std::string coverage_text(std::span<const RuleCoverage> coverage);

}  // namespace provlab::lab
