#include "tools/generated/judge/account.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace provlab::mutants {

namespace {

constexpr std::size_t kNearest = 3;
constexpr std::string_view kRow =
    "{:<16} {:>7} {:>9} {:>12} {:>6} {:>8} {:>6} {:>9} {:>10} {:>9} {:>8}\n";

}  // namespace

const Remark* Account::remark(const std::vector<Remark>& remarks, const Mutant& mutant) {
  const auto found = std::ranges::find(remarks, mutant.id, &Remark::id);
  if (found == remarks.end() || found->text == mutant.text) {
    return found == remarks.end() ? nullptr : &*found;
  }
  complaints_.push_back(fmt::format("{}: the source line of {} has changed: {}", found->place,
                                    mutant.id, mutant.text));
  return nullptr;
}

const Remark* Account::contradicted(const Remark* remark, const Verdict& verdict) {
  if (remark == nullptr || verdict.ending.end == End::survived) return remark;
  if (remark->is_undefined()) return nullptr;
  complaints_.push_back(
      fmt::format("{}: {} is noticed by {}", remark->place, remark->id, verdict.ending.by));
  return nullptr;
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
  std::map<std::string_view, std::string_view> said;
  for (const auto* remarks : {&remarks_.equivalents, &remarks_.survivors}) {
    for (const Remark& one : *remarks) {
      if (!ids.contains(one.id)) {
        complaints_.push_back(fmt::format("{}: no mutant is named {}", one.place, one.id));
      }
      const auto [before, first] = said.emplace(one.id, one.place);
      if (first) continue;
      complaints_.push_back(
          fmt::format("{}: {} has been spoken of at {}", one.place, one.id, before->second));
    }
  }
}

void Account::count(Row& row, End end, bool left, const Remark* equivalent,
                    const Remark* survivor) {
  ++row.mutants;
  switch (end) {
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
      ++(equivalent != nullptr ? row.equivalent
         : survivor != nullptr ? row.explained
                               : row.survived);
      break;
  }
}

void Account::add(const Mutant& mutant, const Verdict& by_library, const Verdict* tests) {
  const bool left = by_library.ending.end == End::survived;
  const Verdict& verdict = left && tests != nullptr ? *tests : by_library;
  const Remark* equivalent = contradicted(remark(remarks_.equivalents, mutant), verdict);
  const Remark* survivor = contradicted(remark(remarks_.survivors, mutant), by_library);
  for (Row* row : {&all_, &rooms_[std::string(mutant.room())], &kinds_[mutant.kind],
                   &rules_[rule(mutant, by_library)]}) {
    count(*row, verdict.ending.end, left, equivalent, survivor);
  }
  if (left && equivalent == nullptr) {
    survivors_.push_back({mutant, verdict.ending.by, survivor == nullptr ? "" : survivor->why});
  }
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
                     row.explained, row.survived);
}

std::string Account::table(const std::string& title, const Rows& rows) {
  std::string text =
      fmt::format(kRow, title, "mutants", "scenarios", "explorations", "limits", "together",
                  "tests", "with them", "equivalent", "explained", "survived");
  for (const auto& [name, row] : rows) text += line(name, row);
  return text;
}

std::string Account::tables() const {
  return table("room", rooms_) + '\n' + table("kind", kinds_) + '\n' + table("rule", rules_) +
         '\n' + line("all", all_);
}

std::string Account::text(const Survivor& survivor) const {
  const Mutant& mutant = survivor.mutant;
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
  return fmt::format("{} {}\n  {}:{}: {}\n  {}\n  {}{}\n{}",
                     survivor.test.empty() ? "SURVIVED" : "BY TESTS", mutant.id, mutant.file,
                     mutant.line, mutant.text, mutant.change, way,
                     survivor.test.empty() ? "" : "; a test notices: " + survivor.test,
                     survivor.why.empty() ? "" : "  explained: " + survivor.why + '\n');
}

std::string Account::survivors() const {
  std::vector<const Survivor*> all;
  for (const Survivor& one : survivors_) all.push_back(&one);
  std::ranges::stable_sort(all, {}, &Survivor::rank);
  std::string said;
  for (const Survivor* one : all) said += text(*one);
  return said;
}

std::string Account::complaints() const {
  std::string text;
  for (const std::string& complaint : complaints_) text += complaint + '\n';
  return text;
}

}  // namespace provlab::mutants
