#include "sim/lab/language/coverage.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provlab::lab {

namespace {

constexpr std::size_t kWidth = 100;
constexpr std::string_view kIndent = "            ";

/// `words` with commas between, in lines of kWidth.
void add_wrapped(std::string& out, const std::vector<std::string>& words) {
  std::string line(kIndent);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string word = i + 1 == words.size() ? words[i] : words[i] + ',';
    if (line.size() > kIndent.size() && line.size() + 1 + word.size() > kWidth) {
      out += line + '\n';
      line = kIndent;
    }
    if (line.size() > kIndent.size()) line += ' ';
    line += word;
  }
  out += line + '\n';
}

}  // namespace

std::vector<RuleCoverage> rule_coverage(std::span<const Shared<ScenarioPlan>> plans) {
  std::vector<RuleCoverage> coverage;
  for (const Rule& rule : specification_rules()) {
    RuleCoverage& covered = coverage.emplace_back(rule, std::vector<std::string>());
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
  std::size_t uncovered = 0;
  for (const auto& [rule, scenarios] : coverage) {
    if (scenarios.empty()) {
      ++uncovered;
      continue;
    }
    line("{:<10}  {} ({})", rule.number, rule.title, scenarios.size());
    add_wrapped(out, scenarios);
  }
  line("\nno run can show:");
  for (const BeyondRuns& part : beyond_runs()) {
    line("{:<10}  {}\n{}({})", part.number, part.what, kIndent, part.reason);
  }
  if (uncovered > 0) line("\ncovered by no scenario:");
  for (const auto& [rule, scenarios] : coverage) {
    if (scenarios.empty()) line("{:<10}  {}", rule.number, rule.title);
  }
  line("\nuncovered: {}", uncovered);
  return out;
}

}  // namespace provlab::lab
