#include "tools/generated/judge/court.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <tuple>

#include "sim/lab/suite/runner.hpp"

namespace provlab::mutants {

std::string function_of(const Mutant& mutant) {
  return mutant.id.substr(0, mutant.id.rfind(':'));
}

std::vector<const Trial*> Court::trials_for(const Mutant& mutant) const {
  std::vector<std::tuple<int, int, Duration, const Trial*>> ranked;
  const auto count = [&](const std::string& place, const Trial& trial) {
    const auto found = noticed_.find({place, trial.name});
    return found == noticed_.end() ? 0 : -found->second;
  };
  for (const Trial& trial : library_.runs()) {
    if (!trial.reach[mutant.number]) continue;
    ranked.emplace_back(count(function_of(mutant), trial), count(mutant.file, trial), trial.spent,
                        &trial);
  }
  std::ranges::sort(ranked);
  std::vector<const Trial*> trials;
  for (const auto& entry : ranked) trials.push_back(std::get<const Trial*>(entry));
  for (const Trial& trial : library_.explorations()) {
    if (trial.reach[mutant.number]) trials.push_back(&trial);
  }
  return trials;
}

Court::Case Court::open(const Mutant& mutant) const {
  std::vector<const Trial*> trials = trials_for(mutant);
  const auto reaching = static_cast<std::size_t>(
      std::ranges::count_if(trials, [](const Trial* trial) { return !trial->exploration; }));
  return {&mutant, TrialChild(mutant.number, std::move(trials)), lab::wall_clock(), reaching};
}

void Court::close(Case& closed, int status,
                  const std::function<void(const Mutant&, const Verdict&)>& tell) {
  Verdict verdict;
  verdict.ending = closed.child.ending(status);
  verdict.reaching = closed.reaching;
  verdict.seconds = std::chrono::duration<double>(lab::wall_clock() - closed.since).count();
  if (!verdict.ending.by.empty()) {
    ++noticed_[{function_of(*closed.mutant), verdict.ending.by}];
    ++noticed_[{closed.mutant->file, verdict.ending.by}];
  }
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
    close(closed, status, tell);
  }
}

}  // namespace provlab::mutants
