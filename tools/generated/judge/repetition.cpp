#include "tools/generated/judge/repetition.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace provlab::mutants {

namespace {

constexpr std::size_t kBatch = 250;
/// How many of those that cover a scenario are asked on.
constexpr std::size_t kMostRivals = 8;

}  // namespace

Repetition::Repetition(const Library& library, Overlap overlap, Minutes minutes, unsigned jobs)
    : library_(library),
      overlap_(std::move(overlap)),
      minutes_(std::move(minutes)),
      jobs_(jobs),
      asked_(overlap_.suspects()) {}

Repetition::Known Repetition::known_of(const Mutant& mutant) const {
  Known known;
  for (const Trial& run : library_.runs()) {
    if (!run.reach[mutant.number] || !asked_.contains(run.scenario)) continue;
    switch (minutes_.answer(mutant.id, run.identity)) {
      case Minutes::Answer::unknown:
        known.open.push_back(&run);
        break;
      case Minutes::Answer::noticed:
        known.noticed.insert(&run);
        break;
      case Minutes::Answer::unheard:
        known.unheard = true;
        break;
      case Minutes::Answer::silent:
        break;
    }
  }
  return known;
}

void Repetition::take(const Mutant& mutant, const std::set<const Trial*>& noticed) {
  std::set<std::string> names;
  for (const Trial* one : noticed) names.insert(one->scenario);
  overlap_.add(mutant.id, names);
}

Expected<void> Repetition::ask_batch(std::span<const Mutant* const> batch) {
  std::vector<std::uint64_t> called;
  for (const Trial& run : library_.runs()) {
    if (asked_.contains(run.scenario)) called.push_back(run.identity);
  }
  minutes_.call(std::move(called));
  std::map<const Mutant*, Known> cases;
  std::vector<const Mutant*> open;
  for (const Mutant* one : batch) {
    Known known = known_of(*one);
    if (known.unheard) {
      ++unheard_;
    } else if (known.open.empty()) {
      take(*one, known.noticed);
    } else {
      open.push_back(one);
      cases.emplace(one, std::move(known));
    }
  }
  const Summons summons = [&cases](const Mutant& mutant, const Noticed&) {
    return cases.at(&mutant).open;
  };
  Expected<void> kept;
  Court(summons, jobs_, Hearing::all)
      .judge(open, [&](const Mutant& mutant, const Verdict& verdict) {
        std::set<const Trial*>& noticed = cases.at(&mutant).noticed;
        noticed.insert(verdict.objectors.begin(), verdict.objectors.end());
        std::optional<std::set<std::uint64_t>> voices;
        if (verdict.heard_out) {
          voices.emplace();
          for (const Trial* one : noticed) voices->insert(one->identity);
          take(mutant, noticed);
        } else {
          ++unheard_;
        }
        if (const auto added = minutes_.add(mutant.id, voices); !added) kept = added;
      });
  return kept;
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

Expected<void> Repetition::ask(const std::vector<const Mutant*>& mutants,
                               const Progress& progress) {
  const std::vector<const Mutant*> all = sorted(mutants);
  for (std::size_t at = 0; at < all.size() && !asked_.empty();) {
    const std::size_t count = std::min(kBatch, all.size() - at);
    if (const auto kept = ask_batch(std::span(all).subspan(at, count)); !kept) return kept;
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
  return {};
}

}  // namespace provlab::mutants
