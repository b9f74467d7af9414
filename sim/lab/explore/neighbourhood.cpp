#include "sim/lab/explore/neighbourhood.hpp"

#include <algorithm>
#include <set>

#include "sim/lab/machine/exhaustion.hpp"
#include "sim/lab/machine/parallel.hpp"

namespace provlab::lab {

namespace {

/// Runs between two looks at what came of them; no number of jobs changes it.
constexpr std::size_t kRunsAtOnce = 256;

class Walk {
 public:
  Walk(const Shared<ScenarioPlan>& plan, const ExploreOptions& options)
      : plan_(plan), options_(options) {}

  Neighbourhood walk(const Deviations& middle, std::size_t swaps) {
    try {
      std::vector<Deviations> ring{middle};
      known_.insert(middle);
      for (std::size_t distance = 0; !ring.empty(); ++distance) {
        ring = play_ring(ring, distance < swaps);
      }
    } catch (const RunAbandoned&) {
      ++found_.unplayed;
    } catch (const std::exception& error) {
      found_.fault = fault_text(error);
    }
    return std::move(found_);
  }

 private:
  /// Plays them, and gives those that are one swap further, where that is wanted.
  std::vector<Deviations> play_ring(const std::vector<Deviations>& ring, bool further) {
    std::vector<Deviations> next;
    for (std::size_t done = 0; done < ring.size();) {
      const std::size_t left =
          options_.enough() ? 0 : options_.budget - std::min(options_.budget, played_);
      const std::size_t count = std::min({kRunsAtOnce, ring.size() - done, left});
      if (count == 0) {
        found_.unplayed += ring.size() - done + next.size();
        return {};
      }
      std::vector<ExploredRun> runs(count);
      parallel_for(count, options_.jobs,
                   [&](std::size_t i) { runs[i] = replay(plan_, options_, ring[done + i]); });
      for (std::size_t i = 0; i < count; ++i) {
        if (take(runs[i], ring[done + i]) && further) swap(runs[i], ring[done + i], next);
      }
      done += count;
      played_ += count;
      if (options_.progress) options_.progress(played_, ring.size() - done + next.size());
    }
    return next;
  }

  /// False where the same has happened in another order already.
  bool take(const ExploredRun& run, const Deviations& asked) {
    if (found_.orders == 0) found_.middle_came_about = run.deviated == asked.size();
    if (!seen_.insert(run.checksum).second) return false;
    ++found_.orders;
    std::set<std::string> broken;
    for (const BrokenInvariant& each : run.broken) broken.emplace(each.invariant.number);
    const std::vector<std::string> numbers(broken.begin(), broken.end());
    auto row = std::ranges::find_if(found_.rows, [&](const NeighbourRow& each) {
      return each.outcome == run.outcome && each.broken == numbers;
    });
    if (row == found_.rows.end()) {
      row = found_.rows.insert(row, {.outcome = run.outcome,
                                     .broken = numbers,
                                     .orders = 0,
                                     .nearest = asked,
                                     .departures = run.departures});
    }
    ++row->orders;
    return true;
  }

  void swap(const ExploredRun& run, const Deviations& asked, std::vector<Deviations>& next) {
    for (std::size_t i = 0; i < run.choices.size(); ++i) {
      const auto taken = asked.find(i + 1);
      const std::size_t now = taken == asked.end() ? 0 : taken->second;
      for (std::size_t other = 0; other < run.choices[i].alternatives; ++other) {
        if (other == now) continue;
        Deviations deviations = asked;
        deviations.erase(i + 1);
        if (other != 0) deviations.emplace(i + 1, other);
        if (known_.insert(deviations).second) next.push_back(std::move(deviations));
      }
    }
  }

  const Shared<ScenarioPlan>& plan_;
  const ExploreOptions& options_;
  Neighbourhood found_;
  std::set<Deviations> known_;
  std::set<std::uint64_t> seen_;  ///< traces, by their checksums
  std::size_t played_ = 0;
};

}  // namespace

Neighbourhood neighbourhood(const Shared<ScenarioPlan>& plan, const ExploreOptions& options,
                            const Deviations& middle, std::size_t swaps) {
  return Walk(plan, options).walk(middle, swaps);
}

}  // namespace provlab::lab
