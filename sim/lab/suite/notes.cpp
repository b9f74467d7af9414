#include "sim/lab/suite/notes.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/play/play.hpp"

namespace provlab::lab {

namespace {

/// Their places, by file, in the order in which the files come.
template <class FileOf>
std::vector<std::vector<std::size_t>> by_file(std::size_t count, FileOf&& file_of) {
  std::vector<std::vector<std::size_t>> groups;
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < count; ++i) {
    const auto [group, fresh] = known.emplace(file_of(i), groups.size());
    if (fresh) groups.emplace_back();
    groups[group->second].push_back(i);
  }
  return groups;
}

/// Whether every variant has a run, and all have passed.
bool all_passed(const std::vector<RunReport>& runs, const std::vector<std::size_t>& group) {
  std::set<std::string_view> variants;
  for (const std::size_t i : group) {
    if (runs[i].verdict.outcome != Outcome::passed) return false;
    variants.insert(runs[i].variant);
  }
  return variants.size() == runs[group.front()].variants;
}

std::uint64_t checksum_without(const ChosenRun& chosen, std::uint64_t seed,
                               const Shared<phone::PhoneOptions>& phone) {
  auto plan = std::make_shared<ScenarioPlan>(*chosen.plan);
  if (phone) plan->phone = *phone;
  Play play(std::move(plan), *chosen.variant, seed);
  play.run();
  return play.trace().checksum();
}

/// What another knob makes of the lab itself is a difference as well.
bool differs(const ChosenRun& chosen, const RunReport& run, const KnobPlan& knob) try {
  const std::uint64_t with =
      run.on_wire ? checksum_without(chosen, run.seed, nullptr) : run.checksum;
  return checksum_without(chosen, run.seed, knob.without) != with;
} catch (const std::exception&) {
  return true;
}

}  // namespace

std::vector<Complaint> notes_of(const std::vector<RunReport>& runs) {
  std::vector<Complaint> notes;
  for (const auto& group : by_file(runs.size(), [&](std::size_t i) { return runs[i].file; })) {
    if (!all_passed(runs, group)) continue;
    std::map<UseMark, std::pair<std::size_t, const IdlePurpose*>> idle;  // in so many runs
    for (const std::size_t i : group) {
      for (const IdlePurpose& each : runs[i].idle) {
        auto& [count, told] = idle[each.number];
        ++count;
        if (told == nullptr || (each.reached && !told->reached)) told = &each;
      }
    }
    const std::size_t first = notes.size();
    for (const auto& [number, found] : idle) {
      if (found.first < group.size()) continue;
      notes.push_back({runs[group.front()].file, found.second->line, found.second->text});
    }
    std::ranges::stable_sort(notes.begin() + static_cast<std::ptrdiff_t>(first), notes.end(), {},
                             &Complaint::line);
  }
  return notes;
}

void try_without_knobs(const std::vector<ChosenRun>& chosen, unsigned jobs,
                       std::vector<RunReport>& runs) {
  auto groups = by_file(chosen.size(), [&](std::size_t i) { return chosen[i].plan->file; });
  std::erase_if(groups, [&](const std::vector<std::size_t>& group) {
    const ScenarioPlan& plan = *chosen[group.front()].plan;
    return plan.knobs.empty() || !plan.daemons.empty() ||
           std::ranges::any_of(
               group, [&](std::size_t i) { return runs[i].verdict.outcome != Outcome::passed; });
  });
  parallel_for(groups.size(), jobs, [&](std::size_t g) {
    const std::vector<std::size_t>& group = groups[g];
    const ScenarioPlan& plan = *chosen[group.front()].plan;
    for (const KnobPlan& knob : plan.knobs) {
      const bool used = std::ranges::any_of(
          group, [&](std::size_t i) { return differs(chosen[i], runs[i], knob); });
      for (const std::size_t i : group) {
        std::erase_if(runs[i].idle, [&](const auto& each) { return each.number == knob.use; });
        if (!used) runs[i].idle.push_back(idle_purpose(plan.purposes, knob.use, Use::none));
      }
    }
  });
}

}  // namespace provlab::lab
