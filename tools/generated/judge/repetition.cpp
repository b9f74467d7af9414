#include "tools/generated/judge/repetition.hpp"

#include <algorithm>

namespace provlab::mutants {

namespace {

constexpr std::size_t kBatch = 250;
/// How many of those that cover a scenario are asked on.
constexpr std::size_t kMostRivals = 8;

}  // namespace

Repetition::Repetition(const Library& library, Overlap overlap, unsigned jobs)
    : library_(library), overlap_(std::move(overlap)), jobs_(jobs), asked_(overlap_.suspects()) {}

void Repetition::ask_batch(std::span<const Mutant* const> batch) {
  const Summons summons = [this](const Mutant& mutant, const Noticed&) {
    std::vector<const Trial*> trials;
    for (const Trial& run : library_.runs()) {
      if (run.reach[mutant.number] && asked_.contains(run.scenario)) trials.push_back(&run);
    }
    return trials;
  };
  Court(summons, jobs_, Hearing::all)
      .judge({batch.begin(), batch.end()}, [this](const Mutant& mutant, const Verdict& verdict) {
        if (!verdict.heard_out) {
          ++unheard_;
          return;
        }
        std::set<std::string> names;
        for (const Trial* one : verdict.objectors) names.insert(one->scenario);
        overlap_.add(mutant.id, names);
      });
}

std::vector<const Mutant*> Repetition::sorted(const std::vector<const Mutant*>& mutants) const {
  std::vector<std::pair<std::ptrdiff_t, const Mutant*>> ranked;
  for (const Mutant* one : mutants) {
    const auto reaching = std::ranges::count_if(
        library_.runs(), [one](const Trial& run) { return run.reach[one->number]; });
    if (reaching > 0) ranked.emplace_back(reaching, one);
  }
  std::ranges::stable_sort(ranked, {}, &std::pair<std::ptrdiff_t, const Mutant*>::first);
  std::vector<const Mutant*> all;
  for (const auto& [reaching, one] : ranked) all.push_back(one);
  return all;
}

void Repetition::ask(const std::vector<const Mutant*>& mutants, const Progress& progress) {
  const std::vector<const Mutant*> all = sorted(mutants);
  for (std::size_t at = 0; at < all.size() && !asked_.empty();) {
    const std::size_t count = std::min(kBatch, all.size() - at);
    ask_batch(std::span(all).subspan(at, count));
    at += count;
    const auto covered = overlap_.covered();
    asked_.clear();
    for (const Overlap::Covered& one : covered) {
      asked_.insert(one.scenario);
      for (std::size_t i = 0; i < std::min(one.by.size(), kMostRivals); ++i) {
        asked_.insert(one.by[i]);
      }
    }
    progress(at, covered.size());
  }
}

}  // namespace provlab::mutants
