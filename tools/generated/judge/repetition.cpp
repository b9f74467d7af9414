#include "tools/generated/judge/repetition.hpp"

#include <algorithm>

namespace provlab::mutants {

namespace {

constexpr std::size_t kBatch = 250;
/// How many of those that cover a scenario are asked on.
constexpr std::size_t kMostRivals = 8;

}  // namespace

Repetition::Repetition(const Library& library, Overlap overlap, unsigned jobs)
    : library_(library), overlap_(std::move(overlap)), jobs_(jobs) {
  for (const Trial& run : library.runs()) asked_.insert(run.scenario);
}

void Repetition::ask(const std::vector<const Mutant*>& batch) {
  const Summons summons = [this](const Mutant& mutant, const Noticed&) {
    std::vector<const Trial*> trials;
    for (const Trial& run : library_.runs()) {
      if (run.reach[mutant.number] && asked_.contains(run.scenario)) trials.push_back(&run);
    }
    return trials;
  };
  Court(summons, jobs_, Hearing::all)
      .judge(batch, [this](const Mutant& mutant, const Verdict& verdict) {
        if (!verdict.heard_out) {
          ++unheard_;
          return;
        }
        std::set<std::string> names;
        for (const Trial* one : verdict.objectors) names.insert(one->scenario);
        overlap_.add(mutant.id, names);
      });
}

void Repetition::ask(const std::vector<Mutant>& mutants, const Choice& choice,
                     const Progress& progress) {
  const std::size_t most = chosen(mutants, choice).size();
  std::set<const Mutant*> before;
  for (std::size_t count = 0; count < most && !asked_.empty();) {
    count = std::min(count + kBatch, most);
    Choice more = choice;
    more.count = count;
    std::vector<const Mutant*> batch;
    for (const Mutant* one : chosen(mutants, more)) {
      if (before.insert(one).second) batch.push_back(one);
    }
    ask(batch);
    const auto covered = overlap_.covered();
    const auto blind = overlap_.blind();
    asked_ = {blind.begin(), blind.end()};
    for (const Overlap::Covered& one : covered) {
      asked_.insert(one.scenario);
      for (std::size_t i = 0; i < std::min(one.by.size(), kMostRivals); ++i) {
        asked_.insert(one.by[i]);
      }
    }
    progress(count, covered.size() + blind.size());
  }
}

}  // namespace provlab::mutants
