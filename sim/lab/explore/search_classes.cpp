// Dynamic partial-order reduction. A run shows pairs of steps that depend on each other with
// nothing in between that does (Steps::pairs). For each of them a `Plan` asks for the order in
// which the second comes first, where the windows allow that: what came before the first, what did
// not need the first, then the second. It is played unless a run that was played has all of that in
// it: the same steps, each with the same ones before it that matter to it. So a run that comes
// about as planned is a class of its own. What a step touches hangs on what was before it: a plan
// that comes otherwise stands for itself. Each set of packets that are lost or come twice is a tree
// of its own.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>
#include <tuple>
#include <utility>

#include "core/platform/checksum.hpp"
#include "sim/lab/explore/played.hpp"
#include "sim/lab/explore/schedule.hpp"
#include "sim/lab/explore/search.hpp"

namespace provlab::lab {

namespace {

/// Runs that each shard plays before the rest is dealt out; they count in the first one.
constexpr std::size_t kTrunk = 32;
/// What of a batch one run stands for is played nevertheless.
constexpr std::size_t kAtOnce = 32;
/// A wait of whose end so often nothing was heard is not waited for any more.
constexpr std::size_t kHeardNothing = 2;

/// A run that may have to be played.
struct Plan {
  Course course{};
  std::string words{};              ///< what comes otherwise
  std::uint64_t point = 0;          ///< where it leaves another run; 0: at a fault
  std::vector<Occurrence> comes{};  ///< what comes then, sorted, but for the last,
  std::uint64_t last = 0;           ///< the step of that id; 0: no order was planned
  std::uint64_t wait = 0;           ///< which is the end of this wait; 0: of none
};

std::uint64_t mark_of(const std::map<DeliveryId, Act>& faults) {
  std::uint64_t mark = kChecksumBasis;
  for (const auto& [id, act] : faults) {
    mark = checksum_of(id + static_cast<std::uint64_t>(act), mark);
  }
  return mark;
}

/// The steps that come when the pair is swapped, by their place in the run.
std::vector<std::size_t> swapped(const Steps& all, const Reversible& pair) {
  const bool waits = pair.wait != RunStep::kNone;
  std::vector<std::size_t> order;
  for (std::size_t i = pair.first + 1; i < (waits ? all.steps.size() : pair.second); ++i) {
    if (waits && all.steps[i].at > all.waits[pair.wait].due) break;
    if (!all.before.holds(pair.first, i)) order.push_back(i);
  }
  if (!waits) order.push_back(pair.second);
  return order;
}

std::string words(const ExploredRun& run, const RunStep& step) {
  if (step.delivery != RunStep::kNone) return run.deliveries[step.delivery].label;
  return fmt::format("what happens at {}", to_string(step.at.time_since_epoch()));
}

std::string words(const ExploredRun& run, const Reversible& pair) {
  const std::string first = words(run, run.steps.steps[pair.first]);
  if (pair.wait == RunStep::kNone) {
    return fmt::format("{} before {}", words(run, run.steps.steps[pair.second]), first);
  }
  return fmt::format("a wait until {} ends before {}",
                     to_string(run.steps.waits[pair.wait].due.time_since_epoch()), first);
}

/// Whether the second of the pair comes about only because of its first, or behind it.
bool needs_first(const Steps& all, const Reversible& pair) {
  const auto follows = [&](std::size_t step) {
    return step != RunStep::kNone && (step == pair.first || all.before.holds(pair.first, step));
  };
  if (pair.wait != RunStep::kNone) return follows(all.waits[pair.wait].armed);
  return follows(all.steps[pair.second].cause) || follows(all.steps[pair.second].in_flow);
}

/// What has to be late for `step` to be late, if not itself; kNone: nothing.
std::size_t what_delays(const Steps& all, std::size_t step) {
  const RunStep& each = all.steps[step];
  const bool behind = each.delivery == RunStep::kNone && each.in_flow != RunStep::kNone;
  return behind ? each.in_flow : each.cause;
}

/// The timer that fired before that one at the same instant, where that matters; kNone: none.
std::size_t timer_before(const Steps& all, std::size_t step) {
  if (!all.steps[step].is_timer()) return RunStep::kNone;
  for (std::size_t each = step; each-- > 0 && all.steps[each].at == all.steps[step].at;) {
    if (all.steps[each].is_timer() && all.before.holds(each, step)) return each;
  }
  return RunStep::kNone;
}

class Classes {
 public:
  explicit Classes(Search& search)
      : search_(search), options_(search.options), found_(search.found) {
    waiting_.emplace_back();
    fault_sets_.insert(mark_of({}));
    search.counts = options_.shard == 0;
  }

  void run() {
    while (!waiting_.empty()) {
      if (!dealt_ && options_.shards > 1 && search_.played >= kTrunk) deal();
      search_.waiting = waiting_.size();
      const std::size_t count = search_.allowed(std::min(waiting_.size(), kAtOnce));
      if (count == 0) break;
      const std::vector<Plan> plans = next(count);
      const auto runs = search_.play(plans.size(), [&](std::size_t i) {
        return follow(search_.plan, options_, plans[i].course);
      });
      for (std::size_t i = 0; i < runs.size(); ++i) take(runs[i], plans[i]);
      if (options_.progress) options_.progress(found_.runs, waiting_.size());
    }
    if (!search_.counts) return;
    found_.unexplored += waiting_.size();
    for (const Plan& plan : waiting_) ++found_.left[plan.words];
  }

 private:
  /// Keeps of what waits the part of this shard; what leaves one point stays together.
  void deal() {
    dealt_ = true;
    search_.counts = true;
    std::deque<Plan> all = std::exchange(waiting_, {});
    for (Plan& plan : all) {
      const std::uint64_t branch = plan.point == 0 ? mark_of(plan.course.faults) : plan.point;
      if (branch % options_.shards == options_.shard) waiting_.push_back(std::move(plan));
    }
  }

  /// Of what waits the next `count`, as far as no run stands for them.
  std::vector<Plan> next(std::size_t count) {
    std::vector<Plan> chosen;
    while (!waiting_.empty() && chosen.size() < count) {
      Plan plan = std::move(waiting_.front());
      waiting_.pop_front();
      if (plan.last != 0 && played_.stand_for(plan.comes, plan.last, plan.course.faults)) {
        ++found_.pruned.covered;
      } else {
        chosen.push_back(std::move(plan));
      }
    }
    return chosen;
  }

  void take(const ExploredRun& run, const Plan& plan) {
    const std::size_t known = found_.classes;
    search_.take(run);
    if (search_.counts) count(run);
    const bool waits = plan.course.late != 0 || plan.wait != 0;
    if (waits && search_.counts && found_.classes == known) ++found_.late;
    const std::vector<Occurrence> came = played_.add(run);
    note_silence(run, plan);
    reorder(run, plan, came);
    if (search_.played == 1) delay(run);
    fail_one_more(run, plan.course);
  }

  /// A wait that came to its end and nothing was heard of it.
  void note_silence(const ExploredRun& run, const Plan& plan) {
    const Steps& all = run.steps;
    if (plan.wait == 0 || std::ranges::find(all.fired, plan.wait) == all.fired.end()) return;
    const auto heard = std::ranges::find(all.steps, plan.wait, &RunStep::id);
    if (heard == all.steps.end()) ++silent_[plan.wait];
  }

  void count(const ExploredRun& run) {
    found_.choices += run.choices.size();
    found_.pruned.independent += run.steps.independent;
    found_.pruned.beyond_window += run.steps.beyond_window;
    if (!run.followed) ++found_.strayed;
  }

  /// The orders in which two of its steps are swapped. What comes of a packet at once, or too early
  /// to be behind the second, goes there with the packet, or with the last that led to it and can.
  void reorder(const ExploredRun& run, const Plan& plan, const std::vector<Occurrence>& came) {
    moved_.clear();
    tried_.clear();
    Schedule schedule(run);
    const Steps& all = run.steps;
    for (const Reversible& pair : all.pairs) {
      Reversible each = pair;
      bool swaps = swap(run, plan, came, each, schedule);
      // Timers of one instant go there one after the other, and together.
      while ((each.first = timer_before(all, each.first)) != RunStep::kNone) {
        swaps = swap(run, plan, came, each, schedule) || swaps;
      }
      each = pair;
      while (!swaps || all.steps[each.first].delivery == RunStep::kNone) {
        each.first = what_delays(all, each.first);
        if (each.first == RunStep::kNone || needs_first(all, each)) break;
        swaps = swap(run, plan, came, each, schedule) || swaps;
      }
      if (!swaps) ++found_.pruned.beyond_window;
    }
  }

  /// The same run with one packet as late as may be, of those that nothing else has come before:
  /// what has come may be too old by then, which is no event.
  void delay(const ExploredRun& run) {
    for (std::size_t step = 0; step < run.steps.steps.size(); ++step) {
      const std::size_t place = run.steps.steps[step].delivery;
      if (place == RunStep::kNone || moved_.contains(step)) continue;
      const Delivery& delivery = run.deliveries[place];
      if (delivery.choice == 0 || !delivery.could_wait) continue;
      Course next = up_to(run, delivery.choice - 1);
      next.late = delivery.id;
      waiting_.push_back({.course = std::move(next),
                          .words = delivery.label + " as late as may be",
                          .point = checksum_of(delivery.id, run.steps.order_class)});
    }
  }

  /// Plans that; false where no windows allow it.
  bool swap(const ExploredRun& run, const Plan& plan, const std::vector<Occurrence>& came,
            const Reversible& pair, Schedule& schedule) {
    if (!tried_.emplace(pair.first, pair.second, pair.wait).second) return true;
    const std::vector<std::size_t> order = lab::swapped(run.steps, pair);
    Plan next;
    if (pair.wait != RunStep::kNone) next.wait = run.steps.waits[pair.wait].id;
    if (const auto silent = silent_.find(next.wait);
        silent != silent_.end() && silent->second >= kHeardNothing) {
      ++found_.pruned.independent;
      moved_.insert(pair.first);
      return true;
    }
    next.comes.assign(came.begin(), came.begin() + static_cast<std::ptrdiff_t>(pair.first));
    for (const std::size_t step : order) {
      if (step != pair.second) next.comes.push_back(came[step]);
    }
    std::ranges::sort(next.comes);
    next.last = pair.wait == RunStep::kNone ? run.steps.steps[pair.second].id
                                            : Played::end_of_wait(run.steps.waits[pair.wait].id);
    const std::uint64_t mark =
        checksum_of(std::string_view(reinterpret_cast<const char*>(next.comes.data()),
                                     next.comes.size() * sizeof(Occurrence)),
                    checksum_of(next.last, mark_of(plan.course.faults)));
    if (planned_.contains(mark) || played_.stand_for(next.comes, next.last, plan.course.faults)) {
      ++found_.pruned.covered;
      moved_.insert(pair.first);
      return true;
    }
    auto course = schedule.swapped(pair, order);
    if (!course) return false;
    moved_.insert(pair.first);
    planned_.insert(mark);
    next.course = *std::move(course);
    next.course.faults = plan.course.faults;
    next.words = words(run, pair);
    next.point = mark_of(plan.course.faults);
    for (std::size_t step = 0; step < pair.first; ++step) {
      next.point = checksum_of(run.steps.steps[step].id, next.point);
    }
    waiting_.push_back(std::move(next));
    return true;
  }

  /// The same run with one more packet lost, or come twice.
  void fail_one_more(const ExploredRun& run, const Course& course) {
    // Faults are added in the order in which they come about, so that each set comes about once.
    if (run.faults.size() < course.faults.size() || run.faults.size() >= options_.delivery.faults)
      return;
    for (const Delivery& delivery : run.deliveries) {
      if (delivery.offered <= run.last_fault || run.faults.contains(delivery.id)) continue;
      const auto all = alternatives(delivery.could_wait, true, options_.delivery.doubles);
      for (const Act act : {Act::lose, Act::twice}) {
        const auto place = std::ranges::find(all, act);
        if (place == all.end()) continue;
        auto faults = course.faults;
        faults.emplace(delivery.id, act);
        if (!fault_sets_.insert(mark_of(faults)).second) continue;
        Course next = up_to(run, delivery.offered - 1);
        next.length = delivery.offered;
        next.fixed[delivery.offered] = static_cast<std::size_t>(place - all.begin());
        next.faults = std::move(faults);
        waiting_.push_back({.course = std::move(next),
                            .words = delivery.label + (act == Act::lose ? " lost" : " twice")});
      }
    }
  }

  Search& search_;
  const ExploreOptions& options_;
  Exploration& found_;
  std::deque<Plan> waiting_;
  std::set<std::uint64_t> fault_sets_;
  std::set<std::uint64_t> planned_;
  std::set<std::size_t> moved_;  ///< of one run
  std::set<std::tuple<std::size_t, std::size_t, std::size_t>> tried_;
  Played played_;
  std::map<std::uint64_t, std::size_t> silent_;  // waits, how often
  bool dealt_ = false;                           ///< among shards
};

}  // namespace

void search_classes(Search& search) {
  Classes(search).run();
}

}  // namespace provlab::lab
