// Neighbours are played level by level: one mishap, then a second behind the first. Of a level each
// packet is first swapped, doubled and lost. What happens in the run without a packet are the
// moments at which its coming may matter, so the packet is then tried in the middle between every
// two of them, and closer where unlike things happen on both sides. Where that makes a difference,
// bisection finds the shortest delay that does. Runs that come to something else are continued
// first. What each outcome was last reached by says when it was lost.
#include "sim/lab/neighbours/neighbour_search.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <tuple>

#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/neighbours/closer_look.hpp"
#include "sim/lab/neighbours/what_if_words.hpp"

namespace provlab::lab {

namespace {

/// Runs between two looks at what came of them; no number of jobs changes it.
constexpr std::size_t kBatch = 64;
/// So many delays of one packet are tried: half of them the shortest there are.
constexpr std::size_t kMostDelays = 48;
/// A packet that comes later than anything happens is none, but a delay and no loss.
constexpr Duration kAfterAll = std::chrono::milliseconds(2);
/// So many runs of one level are continued on the next.
constexpr std::size_t kMostParents = 24;

/// A run with one mishap more than its parent.
struct Step {
  std::size_t parent = 0;
  std::size_t packet = 0;
  Mishap mishap{};
  Duration shorter{};  ///< a delay that does not reach what this one does, as far as was tried
};

struct Taken {
  std::size_t parent = 0;
  std::size_t step = 0;  ///< which of those that were played at once
  Mishaps mishaps;
  PlayedNeighbour run;
  Duration delay{};  ///< of all its packets together
  Duration shorter{};
};

/// The nearer is less.
auto cost_of(const Mishaps& mishaps, Duration delay) {
  const auto count = [&](Mishap::Kind kind) {
    return std::ranges::count_if(mishaps,
                                 [&](const auto& each) { return each.second.kind == kind; });
  };
  const auto last = static_cast<std::ptrdiff_t>(mishaps.rbegin()->first);
  return std::tuple(count(Mishap::Kind::lost), count(Mishap::Kind::twice), delay, -last,
                    count(Mishap::Kind::later));
}

bool only_delays(const Mishaps& mishaps) {
  return std::ranges::all_of(mishaps, [](const auto& each) {
    return each.second.kind == Mishap::Kind::later || each.second.kind == Mishap::Kind::swapped;
  });
}

class Search {
 public:
  Search(const BaseRun& base, const NeighbourOptions& options) : base_(base), options_(options) {}

  WhatIf run() {
    PlayedNeighbour natural = play_neighbour(base_, {});
    outcomes_.push_back({.outcome = natural.outcome, .passed = natural.passed});
    const std::vector<std::string> departures = natural.departures;
    std::vector<Taken> parents;
    parents.push_back({.parent = 0, .mishaps = {}, .run = std::move(natural)});
    for (std::size_t step = 1; step <= options_.steps && !is_found() && !ended_; ++step) {
      found_.steps = step;
      parents = try_level(parents);
      if (step == 1 && !is_found() && base_.deviations) try_fewer_departures(departures);
    }
    found_.whole = !ended_;
    found_.runs = runs_;
    tell();
    return std::move(found_);
  }

 private:
  struct Outcome {
    OutcomeClass outcome;
    bool passed = false;
    std::size_t runs = 0;
    std::size_t last = 0;  ///< packet of the first mishap of a run that came to it
  };

  bool is_wanted(const OutcomeClass& outcome, bool passed) const {
    return base_.deviations ? outcome != outcomes_.front().outcome : passed;
  }
  bool reaches_goal(const PlayedNeighbour& run) const {
    return run.came && is_wanted(run.outcome, run.passed);
  }

  bool is_found() const { return nearest_ || found_.nearest; }

  /// What the exploration chose itself, each left out, the last first.
  void try_fewer_departures(const std::vector<std::string>& departures) {
    BaseRun fewer = base_;
    for (auto each = base_.deviations->rbegin(); each != base_.deviations->rend(); ++each) {
      if (runs_ >= options_.budget || options_.enough()) {
        ended_ = true;
        return;
      }
      fewer.deviations = *base_.deviations;
      fewer.deviations->erase(each->first);
      const PlayedNeighbour run = play_neighbour(fewer, {});
      ++runs_;
      if (!run.departed || !is_wanted(run.outcome, run.passed)) continue;
      const auto missing = std::ranges::find_if(departures, [&](const std::string& words) {
        return std::ranges::count(run.departures, words) == 0;
      });
      if (missing == departures.end()) continue;
      found_.nearest = words_of_fewer_departures(*fewer.deviations, *missing,
                                                 outcomes_.front().outcome, run.outcome);
      return;
    }
  }

  /// All that departs once more from the parents; gives those that are continued.
  std::vector<Taken> try_level(const std::vector<Taken>& parents) {
    std::vector<Step> steps;
    for (std::size_t i = 0; i < parents.size(); ++i) add_without_delay(parents[i], i, steps);
    std::vector<Taken> level = play(parents, steps);
    std::vector<Step> delays, ties;
    for (const Taken& each : level) add_delays(each, delays, ties);
    std::ranges::stable_sort(
        delays, {}, [&](const Step& step) { return parents[step.parent].delay + step.mishap.by; });
    std::ranges::move(play(parents, delays), std::back_inserter(level));
    if (found_.steps == 1) {
      std::erase_if(ties,
                    [&](const Step& tie) { return shortest_ && tie.mishap.by >= *shortest_; });
      std::ranges::move(play(parents, ties), std::back_inserter(level));
      look_closer(parents, level);
    }
    choose(level);
    return continued(std::move(level));
  }

  static void add_without_delay(const Taken& parent, std::size_t place, std::vector<Step>& steps) {
    const std::size_t first = parent.mishaps.empty() ? 1 : parent.mishaps.rbegin()->first + 1;
    for (std::size_t packet = first; packet <= parent.run.arrivals.size(); ++packet) {
      for (const auto kind : {Mishap::Kind::lost, Mishap::Kind::swapped, Mishap::Kind::twice}) {
        steps.push_back({.parent = place, .packet = packet, .mishap = {kind}});
      }
    }
  }

  /// Between what happens in the run without the packet, and at the moments themselves.
  static void add_delays(const Taken& without, std::vector<Step>& between,
                         std::vector<Step>& ties) {
    const auto& [packet, mishap] = *without.mishaps.rbegin();
    if (mishap.kind != Mishap::Kind::lost) return;
    const Instant due = without.run.arrivals[packet - 1].at;
    std::vector<Duration> moments = moments_from(without.run.moments, due);
    thin_out(moments);
    if (!moments.empty()) moments.push_back(moments.back() + kAfterAll);
    Step step{.parent = without.parent, .packet = packet, .mishap = {Mishap::Kind::later}};
    for (std::size_t i = 0; i + 1 < moments.size(); ++i) {
      if (moments[i] > Duration::zero()) {
        step.mishap.by = moments[i];
        ties.push_back(step);
      }
      const Duration middle = moments[i] + (moments[i + 1] - moments[i]) / 2;
      step.mishap.by = std::max(middle, Duration(1));
      between.push_back(step);
      step.shorter = middle;
    }
  }

  static void thin_out(std::vector<Duration>& moments) {
    if (moments.size() <= kMostDelays) return;
    constexpr std::size_t kKept = kMostDelays / 2;
    std::vector<Duration> kept(moments.begin(), moments.begin() + kKept);
    const std::size_t rest = moments.size() - kKept;
    for (std::size_t i = 1; i <= kKept; ++i) {
      kept.push_back(moments[kKept + rest * i / kKept - 1]);
    }
    moments = std::move(kept);
  }

  /// Looks between the delays of each packet, and less where something as near reaches the goal.
  void look_closer(const std::vector<Taken>& parents, std::vector<Taken>& level) {
    const PlayedNeighbour& natural = parents.front().run;
    std::map<std::size_t, CloserLook> looks;
    for (const Taken& each : level) {
      const auto& [packet, mishap] = *each.mishaps.begin();
      if (mishap.kind != Mishap::Kind::later) continue;
      looks.try_emplace(packet, natural.arrivals[packet - 1].at, natural)
          .first->second.add(mishap.by, each.run);
    }
    for (auto& [packet, look] : looks) look.open();
    while (!ended_) {
      std::vector<Step> steps;
      for (auto& [packet, look] : looks) {
        for (const CloserLook::Ask& ask : look.next(shortest_.value_or(Duration::max()))) {
          steps.push_back({.parent = 0,
                           .packet = packet,
                           .mishap = {Mishap::Kind::later, ask.by},
                           .shorter = ask.from});
        }
      }
      if (steps.empty()) return;
      std::vector<Taken> found = play(parents, steps);
      std::vector<const PlayedNeighbour*> runs(steps.size());
      for (const Taken& each : found) runs[each.step] = &each.run;
      std::span<const PlayedNeighbour* const> rest = runs;
      for (auto& [packet, look] : looks) rest = look.take(rest);
      std::ranges::move(found, std::back_inserter(level));
    }
  }

  /// Plays them in their order, as far as the budget goes, and takes in what they come to.
  std::vector<Taken> play(const std::vector<Taken>& parents, const std::vector<Step>& steps) {
    std::vector<Taken> all;
    for (std::size_t done = 0; done < steps.size() && !far_enough(parents, steps[done]);) {
      const std::size_t left =
          options_.enough() ? 0 : options_.budget - std::min(options_.budget, runs_);
      const std::size_t count = std::min({kBatch, steps.size() - done, left});
      if (count == 0) {
        ended_ = true;
        break;
      }
      std::vector<Taken> batch(count);
      parallel_for(count, options_.jobs, [&](std::size_t i) {
        const Step& step = steps[done + i];
        const Taken& parent = parents[step.parent];
        batch[i].parent = step.parent;
        batch[i].step = done + i;
        batch[i].mishaps = parent.mishaps;
        batch[i].mishaps[step.packet] = step.mishap;
        batch[i].delay = parent.delay + delay_of(parent, step);
        batch[i].shorter = step.shorter;
        batch[i].run = play_neighbour(base_, batch[i].mishaps);
      });
      for (Taken& each : batch) take(std::move(each), all);
      done += count;
      runs_ += count;
      if (options_.progress) options_.progress(runs_);
    }
    return all;
  }

  /// Of several packets whether one has been found with half the delays that come now. Of one all
  /// are played: they say what could be reached.
  bool far_enough(const std::vector<Taken>& parents, const Step& next) const {
    if (found_.steps == 1 || next.mishap.kind != Mishap::Kind::later || !shortest_) return false;
    return parents[next.parent].delay + next.mishap.by >= 2 * *shortest_;
  }

  /// How much later than in its parent the packet comes.
  static Duration delay_of(const Taken& parent, const Step& step) {
    if (step.mishap.kind != Mishap::Kind::swapped) return step.mishap.by;
    const auto& arrivals = parent.run.arrivals;
    return step.packet < arrivals.size() ? arrivals[step.packet].at - arrivals[step.packet - 1].at
                                         : Duration::max() / 4;
  }

  void take(Taken neighbour, std::vector<Taken>& all) {
    if (!neighbour.run.came) return;
    auto row = std::ranges::find_if(outcomes_, [&](const Outcome& each) {
      return each.outcome == neighbour.run.outcome && each.passed == neighbour.run.passed;
    });
    if (row == outcomes_.end()) {
      row = outcomes_.insert(row, {neighbour.run.outcome, neighbour.run.passed});
    }
    ++row->runs;
    row->last = std::max(row->last, neighbour.mishaps.begin()->first);
    if (reaches_goal(neighbour.run) && only_delays(neighbour.mishaps)) {
      shortest_ = std::min(shortest_.value_or(Duration::max()), neighbour.delay);
    }
    all.push_back(std::move(neighbour));
  }

  /// The nearest of a level, its delay made exact.
  void choose(const std::vector<Taken>& level) {
    std::vector<const Taken*> reaching;
    for (const Taken& each : level) {
      if (reaches_goal(each.run)) reaching.push_back(&each);
    }
    const auto least = [](const Taken& each) {
      const Duration by = each.mishaps.rbegin()->second.by;
      return cost_of(each.mishaps, each.delay - by + each.shorter);
    };
    std::ranges::stable_sort(reaching, {}, [&](const Taken* each) { return least(*each); });
    for (const Taken* each : reaching) {
      if (nearest_ && cost_of(nearest_->mishaps, nearest_->delay) <= least(*each)) break;
      Taken nearer = exact(*each);
      if (!nearest_ ||
          cost_of(nearer.mishaps, nearer.delay) < cost_of(nearest_->mishaps, nearest_->delay)) {
        nearest_ = std::move(nearer);
      }
    }
  }

  /// With the shortest delays that reach the goal, the last packet's first: with a nanosecond less
  /// of one of them it does not.
  Taken exact(Taken neighbour) {
    const std::size_t last = neighbour.mishaps.rbegin()->first;
    for (auto each = neighbour.mishaps.rbegin(); each != neighbour.mishaps.rend(); ++each) {
      if (each->second.kind != Mishap::Kind::later) continue;
      bisect(neighbour, each->first, each->first == last ? neighbour.shorter : Duration::zero());
    }
    return neighbour;
  }

  /// `less`: a delay of the packet that does not reach the goal.
  void bisect(Taken& neighbour, std::size_t packet, Duration less) {
    Mishap& mishap = neighbour.mishaps[packet];
    while (mishap.by - less > Duration(1) && !options_.enough()) {
      const Duration middle = less + (mishap.by - less) / 2;
      Mishaps mishaps = neighbour.mishaps;
      mishaps[packet].by = middle;
      ++runs_;
      PlayedNeighbour run = play_neighbour(base_, mishaps);
      if (reaches_goal(run)) {
        neighbour.delay -= mishap.by - middle;
        mishap.by = middle;
        neighbour.run = std::move(run);
      } else {
        less = middle;
      }
    }
  }

  /// Those that come to something that no other did first, the first of each; then the others.
  std::vector<Taken> continued(std::vector<Taken> level) const {
    std::map<OutcomeClass, std::size_t> seen{{outcomes_.front().outcome, 1}};
    std::vector<std::pair<std::size_t, std::size_t>> order;
    for (std::size_t i = 0; i < level.size(); ++i) {
      order.emplace_back(seen[level[i].run.outcome]++, i);
    }
    std::ranges::sort(order);
    std::vector<Taken> parents;
    for (std::size_t i = 0; i < std::min(kMostParents, order.size()); ++i) {
      parents.push_back(std::move(level[order[i].second]));
    }
    return parents;
  }

  void tell() {
    if (nearest_)
      found_.nearest = words_of_neighbour(base_, outcomes_.front().outcome, nearest_->mishaps,
                                          nearest_->run.outcome);
    std::ranges::stable_sort(outcomes_.begin() + 1, outcomes_.end(), std::greater(),
                             &Outcome::last);
    std::vector<std::size_t> packets;
    for (const Outcome& each : outcomes_) packets.push_back(each.last);
    const std::vector<PacketWords> words = packet_words(base_, {}, packets);
    for (std::size_t i = 0; i < outcomes_.size(); ++i) {
      const Outcome& each = outcomes_[i];
      tell({.words = outcome_words(each.outcome, outcomes_.front().outcome),
            .wanted = i > 0 && is_wanted(each.outcome, each.passed),
            .runs = each.runs,
            .last = i == 0 ? 0 : words[i].received,
            .until = words[i].at,
            .last_packet = i == 0 ? std::string() : words[i].words});
    }
  }

  /// Outcomes that differ in settings alone have the same words, and count as one.
  void tell(ReachableOutcome outcome) {
    const auto known = std::ranges::find_if(found_.outcomes, [&](const ReachableOutcome& each) {
      return each.words == outcome.words && each.wanted == outcome.wanted;
    });
    if (known == found_.outcomes.end()) {
      found_.outcomes.push_back(std::move(outcome));
    } else {
      known->runs += outcome.runs;
    }
  }

  const BaseRun& base_;
  const NeighbourOptions& options_;
  WhatIf found_;
  std::vector<Outcome> outcomes_;  ///< the base's own first
  std::optional<Taken> nearest_;
  std::optional<Duration> shortest_;  ///< of those that reach the goal by delays alone
  std::size_t runs_ = 0;
  bool ended_ = false;
};

}  // namespace

WhatIf search_neighbours(const BaseRun& base, const NeighbourOptions& options) {
  return Search(base, options).run();
}

}  // namespace provlab::lab
