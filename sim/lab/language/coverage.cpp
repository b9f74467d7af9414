#include "sim/lab/language/coverage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "sim/lab/language/rule_text.hpp"

namespace provlab::lab {

namespace {

constexpr std::string_view kIndent = "            ";

}  // namespace

bool RuleCoverage::is_missing() const {
  return scenarios.empty() && !rule->is_ignored() && !rule->is_beyond_runs();
}

std::vector<RuleCoverage> rule_coverage(std::span<const Shared<ScenarioPlan>> plans) {
  std::vector<RuleCoverage> coverage;
  for (const SpecRule& rule : specification().rules) {
    RuleCoverage& covered = coverage.emplace_back(&rule, std::vector<std::string>());
    for (const Shared<ScenarioPlan>& plan : plans) {
      if (plan && std::ranges::find(plan->rules, rule.number) != plan->rules.end()) {
        covered.scenarios.push_back(plan->name);
      }
    }
  }
  return coverage;
}

std::string coverage_text(std::span<const RuleCoverage> coverage) {
  std::string out;
  const auto line = [&]<class... Args>(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out), format, std::forward<Args>(args)...);
    out += '\n';
  };
  for (const auto& [rule, scenarios] : coverage) {
    if (scenarios.empty()) continue;
    const std::string_view state = rule->is_ignored()      ? ", not yet"
                                   : rule->not_yet.empty() ? ""
                                                           : ", in part not yet";
    line("{:<10}  {} ({}{})", rule->number, rule->title, scenarios.size(), state);
    add_wrapped(out, fmt::format("{}", fmt::join(scenarios, ", ")), kIndent, kIndent);
  }
  line("\nno run can show:");
  for (const RuleCoverage& covered : coverage) {
    const SpecRule& rule = *covered.rule;
    for (const BeyondRuns& beyond : rule.beyond_runs) {
      line("{:<10}  {}\n{}({})", rule.number, beyond.whole ? rule.title : beyond.part, kIndent,
           beyond.reason);
    }
  }
  const auto list = [&](std::string_view heading, const auto& wanted) {
    const auto number = std::ranges::count_if(coverage, wanted);
    if (number > 0) line("\n{}", heading);
    for (const RuleCoverage& covered : coverage) {
      if (std::invoke(wanted, covered))
        line("{:<10}  {}", covered.rule->number, covered.rule->title);
    }
    return number;
  };
  list("not yet followed, and covered by no scenario:",
       [](const RuleCoverage& c) { return c.scenarios.empty() && c.rule->is_ignored(); });
  const auto missing = list("covered by no scenario:", &RuleCoverage::is_missing);
  line("\nuncovered: {}", missing);
  return out;
}

}  // namespace provlab::lab
