#include "tools/generated/judge/account.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace provlab::mutants {

namespace {

constexpr std::size_t kNearest = 3;
constexpr std::string_view kRow =
    "{:<16} {:>7} {:>9} {:>12} {:>6} {:>8} {:>6} {:>9} {:>10} {:>8}\n";

}  // namespace

const Equivalent* Account::equivalent(const Mutant& mutant) const {
  const auto found = std::ranges::find(equivalents_, mutant.id, &Equivalent::id);
  return found == equivalents_.end() ? nullptr : &*found;
}

const Trial* Account::trial(const std::string& name) const {
  const auto found = std::ranges::find(library_.runs(), name, &Trial::name);
  return found == library_.runs().end() ? nullptr : &*found;
}

std::vector<const Trial*> Account::nearest(const Mutant& mutant) const {
  std::vector<const Trial*> trials;
  for (const Trial& run : library_.runs()) {
    if (run.reach[mutant.number]) trials.push_back(&run);
  }
  std::ranges::stable_sort(trials, {}, &Trial::places);
  return trials;
}

std::string Account::rule(const Mutant& mutant, const Verdict& verdict) const {
  const Trial* by = trial(verdict.ending.by);
  if (by != nullptr && !by->rules.empty()) return by->rules.front();
  for (const Trial* near : nearest(mutant)) {
    if (!near->rules.empty()) return near->rules.front();
  }
  return "none";
}

void Account::know(const std::vector<Mutant>& all) {
  std::set<std::string_view> ids;
  for (const Mutant& one : all) ids.insert(one.id);
  for (const Equivalent& one : equivalents_) {
    if (ids.contains(one.id)) continue;
    complaints_.push_back(fmt::format("line {}: no mutant is named {}", one.line, one.id));
  }
}

void Account::add(const Mutant& mutant, const Verdict& by_library, const Verdict* tests) {
  const bool left = by_library.ending.end == End::survived;
  const Verdict& verdict = left && tests != nullptr ? *tests : by_library;
  const Equivalent* said = equivalent(mutant);
  bool argued = said != nullptr && said->text == mutant.text;
  const bool survived = verdict.ending.end == End::survived;
  if (said != nullptr && !argued) {
    complaints_.push_back(fmt::format("line {}: the source line of {} has changed: {}", said->line,
                                      mutant.id, mutant.text));
  } else if (argued && !survived) {
    complaints_.push_back(
        fmt::format("line {}: {} is noticed by {}", said->line, mutant.id, verdict.ending.by));
    argued = false;
  }
  const auto count = [&](Row& row) {
    ++row.mutants;
    switch (verdict.ending.end) {
      case End::scenario:
        ++row.scenarios;
        break;
      case End::exploration:
        ++row.explorations;
        break;
      case End::limit:
      case End::crash:
        ++(left ? row.tests : row.limits);
        break;
      case End::test:
        ++row.tests;
        break;
      case End::survived:
        ++(argued ? row.equivalent : row.survived);
        break;
    }
  };
  count(all_);
  count(rooms_[std::string(mutant.room())]);
  count(kinds_[mutant.kind]);
  count(rules_[rule(mutant, by_library)]);
  if (left && !(survived && argued)) survivors_.push_back({mutant, verdict.ending.by});
}

std::string Account::line(const std::string& name, const Row& row) {
  const std::size_t noticed = row.scenarios + row.explorations + row.limits;
  const std::size_t counted = row.mutants - row.equivalent;
  const auto share = [counted](std::size_t part) {
    return counted == 0 ? 100.0 : 100.0 * static_cast<double>(part) / static_cast<double>(counted);
  };
  return fmt::format(kRow, name, row.mutants, row.scenarios, row.explorations, row.limits,
                     fmt::format("{:.1f} %", share(noticed)), row.tests,
                     fmt::format("{:.1f} %", share(noticed + row.tests)), row.equivalent,
                     row.survived);
}

std::string Account::table(const std::string& title, const Rows& rows) {
  std::string text = fmt::format(kRow, title, "mutants", "scenarios", "explorations", "limits",
                                 "together", "tests", "with them", "equivalent", "survived");
  for (const auto& [name, row] : rows) text += line(name, row);
  return text;
}

std::string Account::tables() const {
  return table("room", rooms_) + '\n' + table("kind", kinds_) + '\n' + table("rule", rules_) +
         '\n' + line("all", all_);
}

std::string Account::survivors() const {
  std::string text;
  for (const auto& [mutant, test] : survivors_) {
    const std::vector<const Trial*> trials = nearest(mutant);
    std::vector<std::string> names;
    for (const Trial* near : trials) {
      if (names.size() < kNearest && std::ranges::find(names, near->scenario) == names.end()) {
        names.push_back(near->scenario);
      }
    }
    const std::string way =
        names.empty()
            ? std::string(library_.only_once(mutant.number)
                              ? "only what a process makes once gets there"
                              : "no scenario gets there")
            : fmt::format("{} runs get there, nearest: {}", trials.size(), fmt::join(names, ", "));
    text +=
        fmt::format("{} {}\n  {}:{}: {}\n  {}\n  {}{}\n", test.empty() ? "SURVIVED" : "BY TESTS",
                    mutant.id, mutant.file, mutant.line, mutant.text, mutant.change, way,
                    test.empty() ? "" : "; a test notices: " + test);
  }
  return text;
}

std::string Account::complaints() const {
  std::string text;
  for (const std::string& complaint : complaints_) text += complaint + '\n';
  return text;
}

}  // namespace provlab::mutants
