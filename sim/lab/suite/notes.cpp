#include "sim/lab/suite/notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/verdict/evidence.hpp"
#include "sim/lab/verdict/judge.hpp"

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
                               const Shared<phone::PhoneOptions>& phone, const RunLimits& limits) {
  auto plan = std::make_shared<ScenarioPlan>(*chosen.plan);
  if (phone) plan->phone = *phone;
  Play play(std::move(plan), *chosen.variant, seed, limits);
  play.run();
  return play.trace().checksum();
}

/// What another knob makes of the lab itself is a difference as well.
bool differs(const ChosenRun& chosen, const RunReport& run, const KnobPlan& knob,
             const RunLimits& limits) try {
  const std::uint64_t with =
      run.on_wire ? checksum_without(chosen, run.seed, nullptr, limits) : run.checksum;
  return checksum_without(chosen, run.seed, knob.without, limits) != with;
} catch (const std::exception&) {
  return true;
}

/// When that must not be which an expectation forbids; nothing where it is content without the
/// time.
std::vector<When> forbidden_times(const Expectation& expectation) {
  std::vector<When> times;
  if (const auto* never = std::get_if<ExpectNever>(&expectation.what)) {
    for (const auto& pattern : never->patterns) {
      times.push_back(std::visit([](const auto& each) { return each.when; }, pattern));
    }
  } else if (const auto* event = std::get_if<ExpectEvent>(&expectation.what)) {
    if (event->times.least == 0) times.push_back(event->event.when);
  } else if (const auto* response = std::get_if<ExpectResponse>(&expectation.what)) {
    if (response->times.least == 0) times.push_back(response->response.when);
  } else if (const auto* request = std::get_if<ExpectRequest>(&expectation.what)) {
    if (request->times.least == 0) times.push_back(request->request.when);
  }
  std::erase_if(times, [](const When& when) { return !when.at && !when.within; });
  return times;
}

bool came(const When& when, const Evidence& evidence) {
  const Trace& trace = evidence.trace();
  const Instant end = trace.event(trace.last()).at();
  const auto start = evidence.moment(when.at ? *when.at : when.of.value_or(Moment{}));
  if (!start) return false;
  return (when.within ? *start + when.within->first : *start) <= end;
}

}  // namespace

std::vector<IdlePurpose> idle_windows(const ScenarioPlan& plan, const Variant& variant,
                                      const Trace& trace) {
  std::vector<IdlePurpose> idle;
  std::optional<Evidence> evidence;
  auto number = static_cast<UseMark>(plan.purposes.size());
  for (const Expectation& expectation : plan.expectations) {
    for (const When& when : forbidden_times(expectation)) {
      ++number;
      if (!evidence) evidence.emplace(plan, trace);
      if (expectation.idle_silenced) continue;
      if (applies(expectation, variant) && came(when, *evidence)) continue;
      idle.push_back({number, expectation.line,
                      fmt::format("{}: the time{} never came", expectation.text, when.to_string()),
                      false});
    }
  }
  return idle;
}

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

void try_without_knobs(const std::vector<ChosenRun>& chosen, const RunnerOptions& options,
                       std::vector<RunReport>& runs) {
  auto groups = by_file(chosen.size(), [&](std::size_t i) { return chosen[i].plan->file; });
  std::erase_if(groups, [&](const std::vector<std::size_t>& group) {
    const ScenarioPlan& plan = *chosen[group.front()].plan;
    return plan.knobs.empty() || !plan.daemons.empty() ||
           std::ranges::any_of(
               group, [&](std::size_t i) { return runs[i].verdict.outcome != Outcome::passed; });
  });
  parallel_for(groups.size(), options.jobs, [&](std::size_t g) {
    const std::vector<std::size_t>& group = groups[g];
    const ScenarioPlan& plan = *chosen[group.front()].plan;
    for (const KnobPlan& knob : plan.knobs) {
      const bool used = std::ranges::any_of(
          group, [&](std::size_t i) { return differs(chosen[i], runs[i], knob, options.limits); });
      for (const std::size_t i : group) {
        std::erase_if(runs[i].idle, [&](const auto& each) { return each.number == knob.use; });
        if (!used) runs[i].idle.push_back(idle_purpose(plan.purposes, knob.use, Use::none));
      }
    }
  });
}

}  // namespace provlab::lab
