#include "tools/generated/judge/overlap.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "sim/lab/plan/expectation.hpp"

namespace provlab::mutants {

namespace {

constexpr std::size_t kMostNamed = 3;

}  // namespace

void Overlap::add_scenario(const std::string& name, const std::vector<std::string>& rules,
                           const std::set<std::string>& statements) {
  Scenario& scenario = scenarios_[name];
  scenario.rules.insert(rules.begin(), rules.end());
  scenario.statements.insert(statements.begin(), statements.end());
}

bool Overlap::says_as_much(const Scenario& rival, const Scenario& scenario) {
  return std::ranges::includes(rival.rules, scenario.rules) &&
         std::ranges::includes(rival.statements, scenario.statements);
}

std::set<std::string> Overlap::suspects() const {
  std::set<std::string> all;
  for (const auto& [name, scenario] : scenarios_) {
    for (const auto& [other, rival] : scenarios_) {
      if (other == name || !says_as_much(rival, scenario)) continue;
      all.insert(name);
      all.insert(other);
    }
  }
  return all;
}

void Overlap::add(const std::string& mutant, const std::set<std::string>& noticed_by) {
  const std::size_t number = mutants_.emplace(mutant, mutants_.size()).first->second;
  for (const std::string& name : noticed_by) {
    const auto found = scenarios_.find(name);
    if (found != scenarios_.end()) found->second.noticed.insert(number);
  }
}

Expected<void> Overlap::add_list(std::string_view text, const std::string& file) {
  std::istringstream lines{std::string(text)};
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) {
      return fail("write a mutant and a scenario that notices it, with a tab between them",
                  fmt::format("{}:{}", file, number));
    }
    add(line.substr(0, tab), {line.substr(tab + 1)});
  }
  return {};
}

std::vector<Overlap::Covered> Overlap::covered() const {
  std::vector<Covered> all;
  for (const auto& [name, scenario] : scenarios_) {
    std::vector<std::pair<std::size_t, std::string>> by;
    for (const auto& [other, rival] : scenarios_) {
      if (other != name && says_as_much(rival, scenario) &&
          std::ranges::includes(rival.noticed, scenario.noticed)) {
        by.emplace_back(rival.noticed.size(), other);
      }
    }
    if (by.empty()) continue;
    std::ranges::sort(by);
    Covered& one = all.emplace_back(name, scenario.noticed.size());
    for (auto& [noticed, other] : by) one.by.push_back(std::move(other));
  }
  return all;
}

namespace {

/// Whether a remark is about this one and one of those that cover it.
bool speaks_of(const Remark& remark, const Overlap::Covered& covered) {
  return lab::glob_matches(remark.id, covered.scenario) &&
         std::ranges::any_of(covered.by, [&](const std::string& other) {
           return lab::glob_matches(remark.text, other);
         });
}

}  // namespace

OverlapReport report_of(const Overlap& overlap, const std::vector<Remark>& remarks) {
  OverlapReport report;
  const auto covered = overlap.covered();
  std::string lines;
  for (const Overlap::Covered& one : covered) {
    const auto spoken = [&](const Remark& remark) { return speaks_of(remark, one); };
    if (std::ranges::any_of(remarks, spoken)) continue;
    ++report.unspoken;
    const auto& [name, noticed, by] = one;
    const std::vector<std::string> first(by.begin(),
                                         by.begin() + std::min<std::size_t>(by.size(), kMostNamed));
    lines +=
        fmt::format("{:<48} {:>7}  {}{}\n", name, noticed, fmt::join(first, ", "),
                    by.size() > kMostNamed ? fmt::format(" and {} more", by.size() - kMostNamed)
                                           : std::string());
  }
  if (!lines.empty()) {
    report.text = fmt::format("{:<48} {:>7}  {}\n", "scenario", "notices", "as do") + lines;
  }
  for (const Remark& remark : remarks) {
    const auto meant = [&](const Overlap::Covered& one) { return speaks_of(remark, one); };
    if (std::ranges::any_of(covered, meant)) continue;
    report.text +=
        fmt::format("{}: {} is not covered by {} any more\n", remark.place, remark.id, remark.text);
  }
  report.text += fmt::format(
      "{} of {} scenarios notice nothing of {} mutants that one other does not, nor say more; of "
      "{} "
      "nobody has said why they stay\n",
      covered.size(), overlap.scenarios(), overlap.mutants(), report.unspoken);
  return report;
}

}  // namespace provlab::mutants
