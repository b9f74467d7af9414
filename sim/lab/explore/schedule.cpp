// Times are the least that satisfy: a step comes so long after its cause as it did (timers) or as
// its link and window allow (packets), after all that it depends on, and the first of the pair
// after the second. What would come too late for that raises its cause. A packet that has to wait
// until a moment at which nobody lets it go waits on until somebody does. Both only raise times,
// so they come to an end: there, or where a step is later than all windows together allow.
#include "sim/lab/explore/schedule.hpp"

#include <algorithm>
#include <tuple>

namespace provlab::lab {

namespace {

constexpr std::size_t kNone = RunStep::kNone;
constexpr int kMostPasses = 64;
constexpr int kMostRounds = 32;

}  // namespace

std::optional<Course> Schedule::swapped(const Reversible& pair,
                                        const std::vector<std::size_t>& order) {
  pair_ = pair;
  members_.clear();
  for (std::size_t i = 0; i < pair.first; ++i) members_.push_back(i);
  members_.insert(members_.end(), order.begin(), order.end());
  comes_.assign(steps_.size(), false);
  for (const std::size_t step : members_) comes_[step] = true;
  either_ = steps_[pair.first].touch;
  if (pair.wait == kNone) either_.add(steps_[pair.second].touch);
  needed_.clear();
  if (pair.wait == kNone) {
    const std::vector<std::size_t> earlier(members_.begin(), members_.end() - 1);
    needed_ = run_.steps.needed_among(earlier, pair.second);
  }
  if (!find_times(true, false)) {
    const bool help_may_do = settled_;
    if (!find_times(false, false) && !(help_may_do && find_times(true, true))) return std::nullopt;
  }
  const std::size_t choice = first_choice();
  if (choice == kNone) return std::nullopt;
  return course(choice);
}

bool Schedule::find_times(bool as_late_as_before, bool with_help) {
  helped_ = with_help;
  at_.assign(steps_.size(), Instant::min());
  floor_.assign(steps_.size(), Instant::min());
  for (std::size_t i = 0; as_late_as_before && i < pair_.first; ++i) floor_[i] = steps_[i].at;
  settled_ = false;
  for (int round = 0; round < kMostRounds; ++round) {
    if (!settle()) return false;
    settled_ = true;
    if (!round_up()) return !overtaken();
  }
  return false;
}

bool Schedule::settle() {
  for (int pass = 0; pass < kMostPasses; ++pass) {
    changed_ = false;
    turn_ = Instant::min();
    for (const std::size_t step : members_) {
      if (!place(step)) return false;
      // More may matter to the second of the pair than in this run, where the first was before it.
      if (step < pair_.first && (either_.clashes(steps_[step].touch) || pair_.wait != kNone))
        turn_ = std::max(turn_, at_[step]);
    }
    if (!place_first()) return false;
    if (!changed_) return true;
  }
  return false;
}

Instant Schedule::base(std::size_t step) const {
  const std::size_t cause = steps_[step].cause;
  return cause == kNone ? Instant() : at_[cause];
}

Instant Schedule::natural(std::size_t step) const {
  const RunStep& each = steps_[step];
  const Instant due = base(step) + each.soonest;
  return each.in_flow == kNone || !comes_[each.in_flow] ? due : std::max(due, at_[each.in_flow]);
}

Instant Schedule::deadline(std::size_t step) const {
  return std::max(natural(step), base(step) + steps_[step].latest);
}

/// What led to the step has to be so much later.
bool Schedule::raise_cause(std::size_t step, Duration by) {
  const std::size_t cause = steps_[step].cause;
  if (cause == kNone || cause == pair_.first) return false;
  const Instant to = at_[cause] + by;
  if (floor_[cause] >= to) return true;
  floor_[cause] = to;
  changed_ = true;
  return to <= steps_[cause].last;
}

bool Schedule::place(std::size_t step) {
  const RunStep& each = steps_[step];
  const Instant due = natural(step);
  Instant when = std::max(floor_[step], due);
  const bool is_second = step == pair_.second;
  if (is_second && each.delivery != kNone) when = std::max(when, turn_);
  for (const std::size_t earlier : is_second ? needed_ : run_.steps.bonds[step]) {
    if (!comes_[earlier]) continue;
    when = std::max(when, steps_[earlier].before(each, at_[earlier]));
  }
  if (when > each.last) return false;
  const Instant end = std::max(due, base(step) + each.latest);
  if (when > end && !raise_cause(step, when - end)) return false;
  if (when > at_[step]) {
    at_[step] = when;
    changed_ = true;
  }
  return true;
}

Instant Schedule::passed() const {
  if (pair_.wait != kNone) {
    const StepWait& wait = run_.steps.waits[pair_.wait];
    return (wait.armed == kNone ? Instant() : at_[wait.armed]) + wait.length - wait.lag +
           Duration(1);
  }
  const RunStep& second = steps_[pair_.second];
  // A packet that nobody holds back lets none go.
  const bool foreign = second.delivery == kNone && second.flow != 0;
  const Instant when = second.before(steps_[pair_.first], at_[pair_.second]);
  return foreign && steps_[pair_.first].delivery != kNone ? when + Duration(1) : when;
}

bool Schedule::place_first() {
  const RunStep& first = steps_[pair_.first];
  const Instant when = std::max(natural(pair_.first), passed());
  const Instant end = deadline(pair_.first);
  if (when > end && !raise_cause(pair_.first, when - end)) return false;
  if (when > first.last) return false;
  at_[pair_.first] = when;
  return true;
}

/// The next moment at which a packet that waits beyond `step`'s time could come: with another that
/// does not depend on it, or at its deadline.
std::optional<Instant> Schedule::next_arrival(std::size_t step) const {
  const Instant end = deadline(step);
  if (at_[step] == natural(step) || at_[step] >= end) return std::nullopt;
  Instant next = end;
  for (const std::size_t other : members_) {
    if (other == step || steps_[other].delivery == kNone || at_[other] < at_[step]) continue;
    if (run_.steps.before.holds(step, other)) continue;
    if (at_[other] == at_[step]) return std::nullopt;
    next = std::min(next, at_[other]);
  }
  return next;
}

/// The same where another packet waits to its deadline for that.
Instant Schedule::next_help(std::size_t step, Instant next) {
  std::size_t helper = kNone;
  for (const std::size_t other : members_) {
    if (other == step || steps_[other].delivery == kNone || at_[other] >= at_[step]) continue;
    const Instant end = deadline(other);
    if (end < at_[step] || end >= next || run_.steps.before.holds(step, other)) continue;
    next = end;
    helper = other;
  }
  if (helper != kNone) floor_[helper] = next;
  return next;
}

bool Schedule::round_up() {
  bool raised = false;
  for (const std::size_t step : members_) {
    if (steps_[step].delivery == kNone) continue;
    const auto next = next_arrival(step);
    if (!next) continue;
    floor_[step] = helped_ ? next_help(step, *next) : *next;
    raised = true;
  }
  return raised;
}

/// Whether a packet that is to come later, such as the first of the pair, can wait no longer.
bool Schedule::overtaken() const {
  const Instant end = passed();
  const RunStep* const second = pair_.wait == kNone ? &steps_[pair_.second] : nullptr;
  for (std::size_t step = 0; step < steps_.size(); ++step) {
    const RunStep& each = steps_[step];
    if (each.delivery == kNone || comes_[step]) continue;
    if (each.cause != kNone && !comes_[each.cause]) continue;
    const Instant last = base(step) + each.latest;
    if (last < end) return true;
    if (last > end || second == nullptr || second->flow == 0) continue;
    // Of packets of one instant the one that was due first comes first.
    if (second->delivery == kNone) return true;
    const Delivery& other = run_.deliveries[each.delivery];
    const Delivery& passing = run_.deliveries[second->delivery];
    if (std::tie(other.due, other.sent) < std::tie(passing.due, passing.sent)) return true;
  }
  return false;
}

/// The first choice at which something else has to be chosen than in the run.
std::size_t Schedule::first_choice() const {
  std::size_t least = kNone;
  const auto note = [&](std::size_t choice) {
    if (choice != 0) least = std::min(least, choice);
  };
  for (const std::size_t step : members_) {
    const RunStep& each = steps_[step];
    if (each.delivery == kNone || at_[step] == each.at) continue;
    const Delivery& delivery = run_.deliveries[each.delivery];
    note(at_[step] > each.at ? delivery.choice : delivery.offered);
  }
  const std::size_t first = steps_[pair_.first].delivery;
  if (first != kNone) note(run_.deliveries[first].choice);
  return least;
}

/// The packets that are to come, up to the second of the pair: those that come by themselves at an
/// instant before those that they let go, unless they depend on these.
std::vector<std::size_t> Schedule::in_turn() const {
  const Instant end = passed();
  std::vector<std::size_t> all;
  for (const std::size_t step : members_) {
    if (steps_[step].delivery == kNone) continue;
    if (step < pair_.first || at_[step] <= end) all.push_back(step);
  }
  std::ranges::stable_sort(all, {}, [&](std::size_t step) {
    const bool by_itself = at_[step] == natural(step) || at_[step] >= deadline(step);
    return std::tuple(at_[step], !by_itself, step == pair_.second, step);
  });
  for (auto each = all.begin(); each != all.end();) {
    const auto needed = std::find_if(each + 1, all.end(), [&](std::size_t later) {
      return later < *each && run_.steps.before.holds(later, *each);
    });
    needed != all.end() ? std::rotate(each, needed, needed + 1) : ++each;
  }
  if (const auto second = std::ranges::find(all, pair_.second); second != all.end()) {
    all.erase(second + 1, all.end());
  }
  return all;
}

Course Schedule::course(std::size_t choice) const {
  Course next = up_to(run_, choice - 1);
  for (const std::size_t step : in_turn()) {
    const Delivery& delivery = run_.deliveries[steps_[step].delivery];
    if (delivery.choice != 0 && delivery.choice < choice) continue;
    next.turns.push_back({delivery.id, at_[step]});
  }
  if (pair_.wait != kNone || steps_[pair_.second].delivery == kNone) next.until = passed();
  return next;
}

}  // namespace provlab::lab
