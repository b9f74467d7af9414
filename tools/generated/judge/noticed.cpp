#include "tools/generated/judge/noticed.hpp"

#include <algorithm>
#include <tuple>

namespace provlab::mutants {

std::string function_of(const Mutant& mutant) {
  return mutant.id.substr(0, mutant.id.rfind(':'));
}

int Noticed::count(const std::string& place, const Trial& trial) const {
  const auto found = counts_.find({place, trial.name});
  return found == counts_.end() ? 0 : found->second;
}

void Noticed::add(const Mutant& mutant, const Trial& trial) {
  ++counts_[{function_of(mutant), trial.name}];
  ++counts_[{mutant.file, trial.name}];
}

void Noticed::sort(const Mutant& mutant, std::vector<const Trial*>& trials) const {
  const std::string function = function_of(mutant);
  std::vector<std::tuple<int, int, Duration, const Trial*>> ranked;
  ranked.reserve(trials.size());
  for (const Trial* trial : trials) {
    ranked.emplace_back(-count(function, *trial), -count(mutant.file, *trial), trial->spent, trial);
  }
  std::ranges::sort(ranked);
  std::ranges::transform(ranked, trials.begin(),
                         [](const auto& entry) { return std::get<const Trial*>(entry); });
}

}  // namespace provlab::mutants
