#include "sim/lab/neighbours/surroundings.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/neighbours/closer_look.hpp"

namespace provlab::lab {

namespace {

/// Runs between two looks at what came of them; no number of jobs changes it.
constexpr std::size_t kRunsAtOnce = 64;

class Around {
 public:
  Around(const BaseRun& base, const SurroundingsOptions& options)
      : base_(base), options_(options) {}

  Surroundings look(const Mishaps& middle) {
    try {
      const std::vector<PlayedNeighbour> played = play({middle});
      if (played.empty()) return std::move(found_);
      const PlayedNeighbour& run = played.front();
      found_.middle_came_about = run.came && (!base_.deviations || run.departed);
      for (std::size_t packet = 1; packet <= run.arrivals.size(); ++packet) look_at(packet, middle);
    } catch (const RunAbandoned&) {
      ++found_.unplayed;
    }
    return std::move(found_);
  }

 private:
  /// All that can happen to this packet, beside the other mishaps.
  void look_at(std::size_t packet, Mishaps others) {
    others.erase(packet);
    std::vector<Mishaps> asked{others};
    const auto ask = [&](const Mishap& mishap) {
      asked.push_back(others);
      asked.back().emplace(packet, mishap);
    };
    ask({Mishap::Kind::swapped});
    if (options_.losses) ask({Mishap::Kind::lost});
    if (options_.doubles) ask({Mishap::Kind::twice});
    const std::vector<PlayedNeighbour> played = play(asked);
    if (played.empty() || played.front().arrivals.size() < packet) return;
    const PlayedNeighbour& without = played.front();
    CloserLook closer(without.arrivals[packet - 1].at, without);
    std::vector<Duration> delays = delays_of(packet, others, without);
    for (bool first = true; !delays.empty(); first = false) {
      asked.clear();
      for (const Duration by : delays) ask({Mishap::Kind::later, by});
      const std::vector<PlayedNeighbour> later = play(asked);
      if (later.size() < asked.size()) return;
      if (first) {
        for (std::size_t i = 0; i < later.size(); ++i) {
          if (later[i].came) closer.add(delays[i], later[i]);
        }
        closer.open();
      } else {
        std::vector<const PlayedNeighbour*> runs;
        for (const PlayedNeighbour& each : later) runs.push_back(each.came ? &each : nullptr);
        closer.take(runs);
      }
      delays.clear();
      for (const CloserLook::Ask& each : closer.next(Duration::max())) delays.push_back(each.by);
    }
  }

  /// Between every two moments of the run that the packet does not come to, and the window.
  std::vector<Duration> delays_of(std::size_t packet, Mishaps others,
                                  const PlayedNeighbour& without) {
    others.emplace(packet, Mishap{Mishap::Kind::lost});
    const PlayedNeighbour lost = play_neighbour(base_, others);
    ++played_;
    const std::vector<Duration> moments =
        moments_from(lost.moments, without.arrivals[packet - 1].at);
    std::set<Duration> delays;
    if (options_.window > Duration::zero()) delays.insert(options_.window);
    for (std::size_t i = 0; i + 1 < moments.size(); ++i) {
      const Duration middle = moments[i] + (moments[i + 1] - moments[i]) / 2;
      if (middle > Duration::zero() && middle < options_.window) delays.insert(middle);
    }
    return {delays.begin(), delays.end()};
  }

  /// Plays them in their order, as far as the budget goes, and takes in what they come to.
  std::vector<PlayedNeighbour> play(const std::vector<Mishaps>& asked) {
    std::vector<PlayedNeighbour> all;
    while (all.size() < asked.size()) {
      const std::size_t left =
          options_.enough() ? 0 : options_.budget - std::min(options_.budget, played_);
      const std::size_t done = all.size();
      const std::size_t count = std::min({kRunsAtOnce, asked.size() - done, left});
      if (count == 0) {
        found_.unplayed += asked.size() - done;
        break;
      }
      all.resize(done + count);
      parallel_for(count, options_.jobs,
                   [&](std::size_t i) { all[done + i] = play_neighbour(base_, asked[done + i]); });
      for (std::size_t i = done; i < all.size(); ++i) take(all[i], asked[i]);
      played_ += count;
      if (options_.progress) options_.progress(played_);
    }
    return all;
  }

  void take(const PlayedNeighbour& run, const Mishaps& mishaps) {
    if (!run.came && found_.runs > 0) return;
    if (!seen_.emplace(run.deeds, run.outcome, run.broken).second) return;
    ++found_.runs;
    auto row = std::ranges::find_if(found_.rows, [&](const SurroundingsRow& each) {
      return each.outcome == run.outcome && each.broken == run.broken;
    });
    if (row == found_.rows.end()) {
      row = found_.rows.insert(
          row, {.outcome = run.outcome, .broken = run.broken, .runs = 0, .nearest = mishaps});
    }
    ++row->runs;
  }

  const BaseRun& base_;
  const SurroundingsOptions& options_;
  Surroundings found_;
  std::set<std::tuple<std::uint64_t, OutcomeClass, std::vector<std::string>>> seen_;
  std::size_t played_ = 0;
};

}  // namespace

Surroundings surroundings(const BaseRun& base, const Mishaps& middle,
                          const SurroundingsOptions& options) {
  return Around(base, options).look(middle);
}

}  // namespace provlab::lab
