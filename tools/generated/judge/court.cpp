#include "tools/generated/judge/court.hpp"

#include <sys/wait.h>

#include <algorithm>

#include "sim/lab/suite/runner.hpp"

namespace provlab::mutants {

namespace {

/// What crashes one run crashes most of them.
constexpr unsigned kMostProcesses = 5;

}  // namespace

std::vector<const Trial*> trials_of(const Library& library, const Mutant& mutant,
                                    const Noticed& noticed) {
  std::vector<const Trial*> trials;
  for (const Trial& trial : library.runs()) {
    if (trial.reach[mutant.number]) trials.push_back(&trial);
  }
  noticed.sort(mutant, trials);
  for (const Trial& trial : library.explorations()) {
    if (trial.reach[mutant.number]) trials.push_back(&trial);
  }
  if (library.once(mutant.number)) {
    for (const Trial& trial : library.fresh()) trials.push_back(&trial);
  }
  return trials;
}

Court::Case Court::open(const Mutant& mutant) const {
  std::vector<const Trial*> trials = summons_(mutant, noticed_);
  const auto reaching = static_cast<std::size_t>(std::ranges::count_if(
      trials, [](const Trial* trial) { return trial->kind == Kind::scenario; }));
  return {&mutant, TrialChild(mutant.number, std::move(trials), hearing_), lab::wall_clock(),
          reaching};
}

std::optional<Court::Case> Court::reopened(Case& closed, int status) const {
  if (hearing_ == Hearing::first) return std::nullopt;
  for (const Trial* one : closed.child.objectors(status)) closed.objectors.push_back(one);
  std::vector<const Trial*> left = closed.child.unheard(status);
  closed.heard_out = left.empty() && !TrialChild::ran_out_of_time(status);
  if (left.empty() || closed.processes == kMostProcesses || TrialChild::ran_out_of_time(status)) {
    return std::nullopt;
  }
  return Case{closed.mutant,
              TrialChild(closed.mutant->number, std::move(left), hearing_),
              closed.since,
              closed.reaching,
              std::move(closed.objectors),
              closed.processes + 1};
}

void Court::close(Case& closed, int status,
                  const std::function<void(const Mutant&, const Verdict&)>& tell) {
  Verdict verdict;
  verdict.ending = closed.child.ending(status);
  verdict.reaching = closed.reaching;
  verdict.objectors = std::move(closed.objectors);
  verdict.heard_out = closed.heard_out;
  verdict.seconds = std::chrono::duration<double>(lab::wall_clock() - closed.since).count();
  if (verdict.ending.trial != nullptr) noticed_.add(*closed.mutant, *verdict.ending.trial);
  tell(*closed.mutant, verdict);
}

void Court::judge(const std::vector<const Mutant*>& mutants,
                  const std::function<void(const Mutant&, const Verdict&)>& tell) {
  std::vector<Case> cases;
  auto next = mutants.begin();
  while (next != mutants.end() || !cases.empty()) {
    while (next != mutants.end() && cases.size() < jobs_) cases.push_back(open(**next++));
    int status = 0;
    const pid_t ended = waitpid(-1, &status, 0);
    if (ended == -1) break;
    const auto found =
        std::ranges::find(cases, ended, [](const Case& one) { return one.child.process(); });
    if (found == cases.end()) continue;
    Case closed = std::move(*found);
    const auto last = cases.size() - 1;
    std::vector<Case> rest;
    rest.reserve(last);
    for (Case& other : cases) {
      if (&other != &*found) rest.push_back(std::move(other));
    }
    cases.swap(rest);
    if (auto again = reopened(closed, status)) {
      cases.push_back(std::move(*again));
    } else {
      close(closed, status, tell);
    }
  }
}

}  // namespace provlab::mutants
