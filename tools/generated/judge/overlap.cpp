#include "tools/generated/judge/overlap.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

namespace provlab::mutants {

namespace {

constexpr std::size_t kMostNamed = 3;

}  // namespace

void Overlap::add_scenario(const std::string& name, const std::vector<std::string>& rules) {
  scenarios_[name].rules.insert(rules.begin(), rules.end());
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
    if (scenario.noticed.empty()) continue;
    std::vector<std::pair<std::size_t, std::string>> by;
    for (const auto& [other, rival] : scenarios_) {
      if (other != name && std::ranges::includes(rival.rules, scenario.rules) &&
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

std::vector<std::string> Overlap::blind() const {
  std::vector<std::string> all;
  for (const auto& [name, scenario] : scenarios_) {
    if (scenario.noticed.empty()) all.push_back(name);
  }
  return all;
}

std::string to_text(const Overlap& overlap) {
  const auto covered = overlap.covered();
  const auto blind = overlap.blind();
  std::string text;
  for (const auto& [name, noticed, by] : covered) {
    const std::vector<std::string> first(by.begin(),
                                         by.begin() + std::min<std::size_t>(by.size(), kMostNamed));
    text += fmt::format("{:<48} {:>7}  {}{}\n", name, noticed, fmt::join(first, ", "),
                        by.size() > kMostNamed ? fmt::format(" and {} more", by.size() - kMostNamed)
                                               : std::string());
  }
  if (!text.empty())
    text = fmt::format("{:<48} {:>7}  {}\n", "scenario", "notices", "as do") + text;
  for (const std::string& name : blind) text += fmt::format("{:<48} notices none\n", name);
  return text + fmt::format(
                    "{} of {} scenarios notice nothing of {} mutants that one other does not, "
                    "{} notice none of them\n",
                    covered.size(), overlap.scenarios(), overlap.mutants(), blind.size());
}

}  // namespace provlab::mutants
