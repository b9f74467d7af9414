// Dynamic partial-order reduction with sleep sets. A run shows pairs of steps that depend on each
// other with nothing in between that does (Steps::pairs). For each of them a `Plan` asks for the
// order in which the second comes first: the steps before the first, then those after it that did
// not need it, then the second. It is played unless what has been begun at the same point stands
// for it: a sibling or a sleeper that could as well come first in it. A sleeper is a step that an
// earlier sibling began with, as long as nothing has happened that depends on it. What a step
// touches hangs on what was before it, so a plan waits until its elder siblings were played. Each
// set of packets that are lost or come twice is a tree of its own.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <ranges>
#include <set>
#include <utility>

#include "core/platform/checksum.hpp"
#include "sim/lab/explore/search.hpp"

namespace provlab::lab {

namespace {

/// Runs that each shard plays before the rest is dealt out; they count in the first one.
constexpr std::size_t kTrunk = 32;
constexpr std::ptrdiff_t kAll = std::numeric_limits<std::ptrdiff_t>::max();

/// A step with which one way on from a point began.
struct Beginning {
  std::uint64_t id = 0;
  Touch touch{};
  bool played = false;  ///< else its touch is not known
};

/// A run that may have to be played.
struct Plan {
  struct Coming {
    std::uint64_t id;
    bool free;  ///< nothing that comes before it here had to
  };
  Course course;
  std::string words{};              ///< what comes otherwise
  std::uint64_t point = 0;          ///< where it leaves another run; 0: nowhere
  std::vector<Coming> order{};      ///< what comes then
  Touch touch{};                    ///< of all that comes then
  std::vector<Beginning> asleep{};  ///< at that point
  bool starts_by_delivery = false;
  std::size_t place = 0;  ///< behind so many that were begun there

  /// Equal where it is the same plan.
  std::uint64_t mark() const {
    std::uint64_t sum = point;
    for (const Coming& each : order) sum = checksum_of(each.id, sum);
    return sum;
  }
};

std::uint64_t mark_of(const std::map<DeliveryId, Act>& faults) {
  std::uint64_t mark = kChecksumBasis;
  for (const auto& [id, act] : faults) {
    mark = checksum_of(id + static_cast<std::uint64_t>(act), mark);
  }
  return mark;
}

/// Whether `step` could as well come first in it: it does come, and nothing before it matters to
/// it, or it does not come, and nothing matters to it.
bool stands_for(const Beginning& step, const Plan& plan) {
  const auto coming = std::ranges::find(plan.order, step.id, &Plan::Coming::id);
  return coming != plan.order.end() ? coming->free : !plan.touch.clashes(step.touch);
}

/// The steps that come when the pair is swapped, by their place in the run.
std::vector<std::size_t> swapped(const Steps& all, const Reversible& pair) {
  std::vector<std::size_t> order;
  for (std::size_t i = pair.first + 1; i < pair.second; ++i) {
    if (!all.before.holds(pair.first, i)) order.push_back(i);
  }
  order.push_back(pair.second);
  return order;
}

/// Whether what is to come first was held back already, and only the first of the pair let it go:
/// by itself it goes as late as it may, behind those that were held before it.
bool comes_too_late(const ExploredRun& run, const Reversible& pair,
                    const std::vector<std::size_t>& order) {
  const auto& steps = run.steps.steps;
  const RunStep& passed = steps[pair.first];
  const auto held = std::ranges::find_if(
      order, [&](std::size_t each) { return steps[each].delivery != RunStep::kNone; });
  if (held == order.end()) return false;
  const Delivery& next = run.deliveries[steps[*held].delivery];
  if (next.due >= passed.at) return false;
  // What has let the first of the pair go as well has let both go.
  const auto until = steps.begin() + static_cast<std::ptrdiff_t>(pair.first);
  const bool both = std::any_of(steps.begin(), until, [&](const RunStep& each) {
    return each.delivery != RunStep::kNone && each.at == passed.at;
  });
  if (both) return false;
  if (next.deadline >= run.deliveries[passed.delivery].deadline) return true;
  return std::any_of(steps.begin() + static_cast<std::ptrdiff_t>(pair.first) + 1, steps.end(),
                     [&](const RunStep& each) {
                       return each.delivery != RunStep::kNone &&
                              run.deliveries[each.delivery].due < passed.at &&
                              run.deliveries[each.delivery].offered < next.offered;
                     });
}

/// As the run did up to that choice.
Course up_to(const ExploredRun& run, std::size_t choice) {
  Course course;
  course.length = choice;
  course.fixed.insert(run.deviations.begin(), run.deviations.upper_bound(choice));
  return course;
}

/// How to come to that order: as the run did until the first of the pair could be held back.
Course course_to(const ExploredRun& run, const Course& course, const Reversible& pair,
                 const std::vector<std::size_t>& order) {
  const auto& steps = run.steps.steps;
  Course next = up_to(run, run.deliveries[steps[pair.first].delivery].choice - 1);
  next.faults = course.faults;
  Instant passed = Instant::min();
  for (const std::size_t each : order) {
    const RunStep& step = steps[each];
    if (step.delivery == RunStep::kNone) {
      passed = step.at;
    } else {
      next.turns.push_back({step.id, step.at > passed ? passed : Instant::min()});
      passed = Instant::min();
    }
  }
  next.until = passed;
  next.patient = passed != Instant::min();
  for (std::size_t i = pair.first; i < pair.second; ++i) {
    if (std::ranges::find(order, i) == order.end()) next.held.insert(steps[i].id);
  }
  return next;
}

std::string words(const ExploredRun& run, const RunStep& step) {
  if (step.delivery != RunStep::kNone) return run.deliveries[step.delivery].label;
  return fmt::format("what happens at {}", to_string(step.at.time_since_epoch()));
}

Plan plan_of(const ExploredRun& run, const Course& course, const Reversible& pair,
             const std::vector<std::size_t>& order) {
  const Steps& all = run.steps;
  Plan plan{.course = course_to(run, course, pair, order)};
  plan.words = fmt::format("{} before {}", words(run, all.steps[pair.second]),
                           words(run, all.steps[pair.first]));
  plan.starts_by_delivery = all.steps[order.front()].delivery != RunStep::kNone;
  for (auto each = order.begin(); each != order.end(); ++each) {
    const bool free = std::none_of(
        order.begin(), each, [&](std::size_t earlier) { return all.before.holds(earlier, *each); });
    plan.order.push_back({all.steps[*each].id, free});
    plan.touch.add(all.steps[*each].touch);
  }
  return plan;
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
      const std::size_t count = search_.allowed(
          dealt_ || options_.shards == 1 ? waiting_.size() : std::min(waiting_.size(), kTrunk));
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
      const bool by_faults = plan.order.empty();
      const std::uint64_t branch = by_faults ? mark_of(plan.course.faults) : plan.point;
      if (branch % options_.shards == options_.shard) {
        waiting_.push_back(std::move(plan));
      } else if (!by_faults) {
        others_.insert(plan.mark());
      }
    }
  }

  /// Of what waits the next `count`, as far as no other run stands for them. Those with elder
  /// siblings that are yet to be played go on waiting.
  std::vector<Plan> next(std::size_t count) {
    std::vector<Plan> chosen;
    for (std::size_t left = waiting_.size(); left > 0 && chosen.size() < count; --left) {
      Plan plan = std::move(waiting_.front());
      waiting_.pop_front();
      if (plan.order.empty()) {
        chosen.push_back(std::move(plan));
        continue;
      }
      if (dealt_ && others_.contains(plan.mark())) {
        ++found_.pruned.covered;
        continue;
      }
      if (!plan.starts_by_delivery) {
        if (!begin_otherwise(plan)) continue;
        chosen.push_back(std::move(plan));
        continue;
      }
      std::vector<Beginning>& begun = begun_[plan.point];
      const auto stands = [&](const Beginning& each) { return stands_for(each, plan); };
      if (!std::ranges::all_of(begun, &Beginning::played)) {
        waiting_.push_back(std::move(plan));
      } else if (std::ranges::any_of(begun, stands) || std::ranges::any_of(plan.asleep, stands)) {
        ++found_.pruned.covered;
      } else {
        plan.place = begun.size();
        begun.push_back({.id = plan.order.front().id});
        chosen.push_back(std::move(plan));
      }
    }
    return chosen;
  }

  /// A timer, or a packet that is none of the explorer's, comes when it comes: it begins nothing
  /// that could stand for something else. The same plan is played once.
  bool begin_otherwise(Plan& plan) {
    plan.place = begun_[plan.point].size();
    if (otherwise_.insert(plan.mark()).second) return true;
    ++found_.pruned.covered;
    return false;
  }

  void take(const ExploredRun& run, const Plan& plan) {
    search_.take(run);
    if (search_.counts) count(run);
    if (plan.starts_by_delivery) note_touch(run, plan);
    reorder(run, plan);
    fail_one_more(run, plan.course);
  }

  void count(const ExploredRun& run) {
    found_.choices += run.choices.size();
    found_.pruned.independent += run.steps.independent;
    found_.pruned.beyond_window += run.steps.beyond_window;
    if (!run.followed) ++found_.strayed;
  }

  /// What the step has touched with which it went on from there; everything, where that did not
  /// come.
  void note_touch(const ExploredRun& run, const Plan& plan) {
    Beginning& begun = begun_[plan.point][plan.place];
    begun.touch = Touch{.changed = Parts::all()};
    begun.played = true;
    std::uint64_t point = mark_of(plan.course.faults);
    for (const RunStep& step : run.steps.steps) {
      if (point == plan.point) {
        if (step.id == begun.id) begun.touch = step.touch;
        return;
      }
      point = checksum_of(step.id, point);
    }
  }

  /// The orders in which two of its steps are swapped.
  void reorder(const ExploredRun& run, const Plan& plan) {
    const Steps& all = run.steps;
    std::vector<Reversible> pairs = all.pairs;
    std::ranges::stable_sort(pairs, {}, &Reversible::first);
    auto pair = pairs.begin();
    std::vector<Beginning> asleep;
    std::uint64_t point = mark_of(plan.course.faults);
    for (std::size_t i = 0; i < all.steps.size() && pair != pairs.end(); ++i) {
      const RunStep& step = all.steps[i];
      if (std::ranges::find(asleep, step.id, &Beginning::id) != asleep.end()) return;  // covered
      for (; pair != pairs.end() && pair->first == i; ++pair) {
        const std::vector<std::size_t> order = swapped(all, *pair);
        if (comes_too_late(run, *pair, order)) {
          ++found_.pruned.beyond_window;
          continue;
        }
        std::vector<Beginning>& begun = begun_[point];
        if (begun.empty()) begun.push_back({step.id, step.touch, true});
        waiting_.push_back(plan_of(run, plan.course, *pair, order));
        waiting_.back().point = point;
        waiting_.back().asleep = asleep;
      }
      const bool leaves = point == plan.point && !plan.order.empty();
      fall_asleep(step, point, leaves ? static_cast<std::ptrdiff_t>(plan.place) : kAll, asleep);
      point = checksum_of(step.id, point);
    }
  }

  /// What of those that sleep, and of the first `elder` that were begun at this point before the
  /// step, does not depend on it. A run never sleeps because of what it was to begin with itself,
  /// also where a timer has come first.
  void fall_asleep(const RunStep& step, std::uint64_t point, std::ptrdiff_t elder,
                   std::vector<Beginning>& asleep) const {
    if (const auto begun = begun_.find(point); begun != begun_.end()) {
      for (const Beginning& each : begun->second | std::views::take(elder)) {
        if (each.id == step.id) break;
        if (each.played) asleep.push_back(each);
      }
    }
    std::erase_if(asleep, [&](const Beginning& each) { return each.touch.clashes(step.touch); });
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
  std::set<std::uint64_t> otherwise_;                      ///< plans that begin with no delivery
  std::set<std::uint64_t> others_;                         ///< plans that another shard plays
  bool dealt_ = false;                                     ///< among shards
  std::map<std::uint64_t, std::vector<Beginning>> begun_;  ///< by the point where
};

}  // namespace

void search_classes(Search& search) {
  Classes(search).run();
}

}  // namespace provlab::lab
