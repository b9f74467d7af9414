// StepReader goes through the trace once: an event belongs to the step of its cause, unless a
// packet arrives with it, or time has passed at the phone: then a timer or a hand began another
// step. What servers do counts to the step that made them do it, but for a packet that they lose
// because nobody hears it: that is a look at the phone. A moment at which a rule of the scenario
// begins or ends is a step by itself. relate() then asks for each step, backwards, which of those
// before it touched the same; what is before one of these needs no asking.
#include "sim/lab/explore/steps.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <utility>

#include "core/net/net_events.hpp"
#include "core/platform/checksum.hpp"
#include "netfakes/events.hpp"
#include "sim/world/events.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostSteps = 2000;

class StepReader {
 public:
  StepReader(const Trace& trace, const StepSources& sources)
      : trace_(trace),
        device_(sources.device),
        deliveries_(sources.deliveries),
        backdrop_(sources.backdrop),
        turns_(sources.backdrop.turns) {
    for (std::size_t i = 0; i < deliveries_.size(); ++i) {
      for (const EventNumber event : deliveries_[i].arrived) arrivals_.push_back({event, i});
    }
    std::ranges::sort(arrivals_, {}, &Arrival::event);
    for (const world::EndedWait& wait : sources.waits) {
      if (wait.at == wait.due) fired_.push_back(wait);
    }
  }

  /// Whether it got to the end.
  bool read(std::vector<RunStep>& steps) {
    owner_.assign(trace_.last() + 1, RunStep::kNone);
    place_.assign(deliveries_.size(), RunStep::kNone);
    for (EventNumber number = trace_.first(); number <= trace_.last(); ++number) {
      const TraceRecord record = trace_.event(number);
      if (!add_turns(record.at(), steps)) return false;
      const std::size_t step = step_of(record, steps);
      if (step == RunStep::kNone) return false;
      owner_[number] = step;
      take(record, step, steps[step]);
    }
    // A datagram of which nothing is said was thrown away, for a reason that no event tells.
    for (const std::size_t step : silent_) steps[step].touch.looked = Parts::all();
    return true;
  }

  /// Those that began and ended in steps that were read; `fired`: ids of those that came to their
  /// end.
  std::vector<StepWait> waits(const std::vector<RunStep>& steps,
                              std::span<const world::EndedWait> ended,
                              std::vector<std::uint64_t>& fired) const {
    std::vector<StepWait> all;
    for (const world::EndedWait& each : ended) {
      const std::size_t from = owner(each.armed);
      if (each.armed != 0 && from == RunStep::kNone) continue;
      const std::uint64_t id = timer_id(steps, from, each.due);
      if (each.at == each.due) {
        fired.push_back(id);
        continue;
      }
      const std::size_t to = owner(each.ended);
      if (to == RunStep::kNone || from == to) continue;
      const Instant begin = from == RunStep::kNone ? Instant() : steps[from].at;
      all.push_back({.id = id,
                     .armed = from,
                     .ended = to,
                     .due = each.due,
                     .length = each.due - begin,
                     .lag = each.at - steps[to].at});
    }
    return all;
  }

 private:
  struct Arrival {
    EventNumber event;
    std::size_t delivery;
  };

  /// The moments that have come by then. What follows may be otherwise than what was before.
  bool add_turns(Instant now, std::vector<RunStep>& steps) {
    for (; !turns_.empty() && turns_.front().at <= now; turns_ = turns_.subspan(1)) {
      if (steps.size() == kMostSteps) return false;
      const RuleTurn& turn = turns_.front();
      const auto at = static_cast<std::uint64_t>(turn.at.time_since_epoch().count());
      steps.push_back({.id = checksum_of(at, kChecksumBasis), .at = turn.at, .touch = turn.touch});
    }
    return true;
  }

  std::size_t owner(EventNumber event) const {
    return event == 0 || event >= owner_.size() ? RunStep::kNone : owner_[event];
  }

  std::size_t step_of(const TraceRecord& record, std::vector<RunStep>& steps) {
    const bool fires = timer_fired(record);
    if (next_ < arrivals_.size() && arrivals_[next_].event == record.number()) {
      const std::size_t delivery = arrivals_[next_++].delivery;
      if (place_[delivery] == RunStep::kNone)
        place_[delivery] = add_delivery(record, delivery, steps);
      return place_[delivery];
    }
    const std::size_t cause = owner(record.cause());
    const bool at_phone = record.host() == device_;
    const bool arrives = at_phone && record.is<world::PacketReceived>();
    if (is_unheard(record)) return add_other(record, cause, steps);
    if (at_phone && !arrives && fires) return last_other_ = add_timer(record, cause, steps);
    if (cause != RunStep::kNone && !arrives && (!at_phone || steps[cause].at == record.at())) {
      return follows_timer(record, cause, steps) ? last_other_ : cause;
    }
    if (!arrives && last_other_ != RunStep::kNone && steps[last_other_].at == record.at() &&
        steps[last_other_].cause == cause) {
      return last_other_;
    }
    return last_other_ = add_other(record, cause, steps);
  }

  /// Whether it comes of a timer that has fired since the event before.
  bool timer_fired(const TraceRecord& record) {
    bool fired = false;
    for (; next_fired_ < fired_.size() && fired_[next_fired_].ended < record.number();
         ++next_fired_) {
      fired = fired || fired_[next_fired_].armed == record.cause();
    }
    return fired;
  }

  /// Whether what comes of that step now does so by a timer that fired at once.
  bool follows_timer(const TraceRecord& record, std::size_t cause,
                     const std::vector<RunStep>& steps) const {
    return record.host() == device_ && last_other_ != RunStep::kNone &&
           steps[last_other_].cause == cause && steps[last_other_].at == record.at();
  }

  std::size_t add_delivery(const TraceRecord& record, std::size_t delivery,
                           std::vector<RunStep>& steps) const {
    if (steps.size() == kMostSteps) return RunStep::kNone;
    const Delivery& arrived = deliveries_[delivery];
    steps.push_back(
        {.id = arrived.id, .at = record.at(), .delivery = delivery, .cause = owner(arrived.sent)});
    return steps.size() - 1;
  }

  std::size_t add_other(const TraceRecord& record, std::size_t cause, std::vector<RunStep>& steps) {
    if (steps.size() == kMostSteps) return RunStep::kNone;
    const std::uint64_t kind =
        checksum_of(record.event(), cause == RunStep::kNone ? 1 : steps[cause].id);
    steps.push_back({.id = checksum_of(++others_[kind], kind),
                     .at = record.at(),
                     .delivery = RunStep::kNone,
                     .cause = cause});
    return steps.size() - 1;
  }

  /// It has the id of the wait that it was.
  std::size_t add_timer(const TraceRecord& record, std::size_t cause, std::vector<RunStep>& steps) {
    const std::size_t step = add_other(record, cause, steps);
    if (step != RunStep::kNone) steps[step].id = timer_id(steps, cause, record.at());
    return step;
  }

  static std::uint64_t timer_id(const std::vector<RunStep>& steps, std::size_t cause, Instant due) {
    const bool caused = cause != RunStep::kNone;
    const Duration length = due - (caused ? steps[cause].at : Instant());
    return checksum_of(static_cast<std::uint64_t>(length.count()), caused ? steps[cause].id : 1);
  }

  void take(const TraceRecord& record, std::size_t number, RunStep& step) {
    if (is_lost_by_pilot(record)) return;
    if (backdrop_.chance && is_drawn_for(record)) step.touch.changed |= Part::draws;
    if (backdrop_.counts && record.is<world::PacketLost>()) step.touch.changed |= Parts::all();
    if (is_unheard(record)) {
      step.touch.looked |= looked_at(record);
    } else if (record.host() != device_) {
      step.touch.hosts |= host_bit(record.host());
      if (!record.is<netfakes::RequestReceived>()) return;
      step.touch.asked |= host_bit(record.host());
      if (record.says("kind", "http")) step.touch.changed |= Part::requests;
    } else if (record.is<world::PacketSent>()) {
      if (!record.says("protocol", "tcp")) return;
      const std::uint64_t stream = stream_of(record, "from", "to");
      step.touch.add_stream(stream);
      if (record.says("flags", "SYN")) half_open_.insert(stream);
    } else if (record.is<world::PacketReceived>()) {
      if (!receive(record, step)) silent_.insert(number);
    } else if (record.is<world::PacketLost>()) {
      silent_.erase(number);
      step.touch.looked |= looked_at(record);
    } else {
      silent_.erase(number);
      step.touch.add(touch_of(record.event()));
      // A connection that was not yet open closes without a packet.
      const bool closes = record.event().starts_with("http_") && !record.is<net::HttpRequestSent>();
      if (!closes) return;
      for (const std::uint64_t stream : half_open_) step.touch.add_stream(stream);
    }
  }

  /// Whether it belongs to a connection, where most segments mean nothing by themselves.
  bool receive(const TraceRecord& record, RunStep& step) {
    if (record.cause() == 0) return false;
    const TraceRecord sent = trace_.event(record.cause());
    step.flow = stream_of(sent, "to", "from");
    if (!sent.says("protocol", "tcp")) return false;
    step.touch.add_stream(step.flow);
    half_open_.erase(step.flow);
    return true;
  }

  static std::uint64_t stream_of(const TraceRecord& record, std::string_view ours,
                                 std::string_view theirs) {
    return checksum_of(record.field(ours).value_or("") + record.field(theirs).value_or(""));
  }

  /// A server's packet that was not sent at all, because nobody would have taken it.
  bool is_unheard(const TraceRecord& record) const {
    return record.host() != device_ && record.is<world::PacketLost>() &&
           record.field("reason").value_or("").starts_with("nobody on the link");
  }

  /// A loss that was chosen is no event of the phone's.
  static bool is_lost_by_pilot(const TraceRecord& record) {
    return record.is<world::PacketLost>() && record.says("reason", DeliveryOrder::kLost);
  }

  /// Segments that come are acknowledged, which no event tells.
  static bool is_drawn_for(const TraceRecord& record) {
    return record.is<world::PacketSent>() || record.is<world::PacketReceived>();
  }

  /// A packet that nobody took has found the port of its part closed.
  static Parts looked_at(const TraceRecord& record) {
    const std::string to = record.field("to").value_or("");
    if (to.ends_with(":68")) return Parts(Part::network) | Part::search;
    return to.ends_with(":5060") ? Parts(Part::search) : Parts::all();
  }

  const Trace& trace_;
  HostId device_;
  const std::vector<Delivery>& deliveries_;
  const Backdrop& backdrop_;
  std::span<const RuleTurn> turns_;  // that are yet to come
  std::vector<Arrival> arrivals_;
  std::size_t next_ = 0;
  std::vector<world::EndedWait> fired_;  // timers that came to their end
  std::size_t next_fired_ = 0;
  std::vector<std::size_t> owner_;     // of events
  std::vector<std::size_t> place_;     // of deliveries
  std::set<std::size_t> silent_;       // steps that began with a datagram, and said no more
  std::set<std::uint64_t> half_open_;  // connections whose SYN has no answer yet
  std::size_t last_other_ = RunStep::kNone;
  std::map<std::uint64_t, std::uint64_t> others_;
};

/// When each step could come.
void set_bounds(std::vector<RunStep>& steps, const std::vector<Delivery>& deliveries) {
  std::map<std::uint64_t, std::size_t> last_of_flow;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    RunStep& step = steps[i];
    const RunStep* const cause = step.cause == RunStep::kNone ? nullptr : &steps[step.cause];
    const Instant base = cause == nullptr ? Instant() : cause->at;
    step.soonest = step.latest = step.at - base;
    if (step.delivery != RunStep::kNone) {
      const Delivery& delivery = deliveries[step.delivery];
      step.soonest = delivery.by_link - base;
      step.latest = delivery.deadline - base;
    }
    if (step.flow != 0) {
      const auto [last, fresh] = last_of_flow.emplace(step.flow, i);
      if (!fresh) step.in_flow = std::exchange(last->second, i);
    }
    step.first = (cause == nullptr ? Instant() : cause->first) + step.soonest;
    step.last = (cause == nullptr ? Instant() : cause->last) + step.latest;
    if (step.in_flow == RunStep::kNone) continue;
    const RunStep& behind = steps[step.in_flow];
    // What is no packet of the explorer's came when it could, perhaps as late as that let it.
    if (step.delivery == RunStep::kNone && step.at == behind.at) step.first = behind.first;
    step.first = std::max(step.first, behind.first);
    step.last = std::max(step.last, behind.last);
  }
}

/// Whether the windows might let the first come behind the second, which it is now before.
bool may_pass(const std::vector<RunStep>& steps, std::size_t first, std::size_t second) {
  const RunStep& earlier = steps[first];
  const RunStep& later = steps[second];
  return earlier.last >= later.before(earlier, later.first);
}

/// Whether no window can let the two pass each other.
bool is_bound(const RunStep& earlier, std::size_t place, const RunStep& later) {
  return later.cause == place || (later.flow != 0 && later.flow == earlier.flow);
}

void relate(Steps& all) {
  const std::vector<RunStep>& steps = all.steps;
  all.before = Relation(steps.size());
  all.bonds.resize(steps.size());
  for (std::size_t second = 0; second < steps.size(); ++second) {
    const RunStep& later = steps[second];
    const bool arrives = later.delivery != RunStep::kNone;
    const std::size_t known = all.pairs.size();
    for (std::size_t first = second; first-- > 0;) {
      if (all.before.holds(first, second)) continue;
      const RunStep& earlier = steps[first];
      const bool bound = is_bound(earlier, first, later);
      const bool clashes = bound || earlier.touch.clashes(later.touch);
      if (clashes) {
        all.before.add(first, second);
        all.bonds[second].push_back(first);
      }
      if (bound) continue;
      const bool passes = may_pass(steps, first, second);
      if (clashes && passes) {
        all.pairs.push_back({first, second});
      } else if (clashes && earlier.delivery != RunStep::kNone) {
        ++all.beyond_window;
      } else if (!clashes && passes && arrives && earlier.delivery != RunStep::kNone) {
        ++all.independent;
      }
    }
    std::reverse(all.pairs.begin() + static_cast<std::ptrdiff_t>(known), all.pairs.end());
  }
}

/// Waits that might come to their end, were what has ended them late.
void add_waits(Steps& all) {
  std::set<std::pair<std::size_t, Instant>> known;
  for (std::size_t wait = 0; wait < all.waits.size(); ++wait) {
    const StepWait& each = all.waits[wait];
    const RunStep& end = all.steps[each.ended];
    const Instant begin = each.armed == RunStep::kNone ? Instant() : all.steps[each.armed].first;
    if (end.last + each.lag <= begin + each.length) continue;
    if (!known.insert({each.ended, each.due}).second) continue;
    all.pairs.push_back({.first = each.ended, .wait = wait});
  }
}

/// A step is known by itself and by those that had to come before it.
void mark(Steps& all, const std::map<DeliveryId, Act>& faults) {
  for (std::size_t second = 0; second < all.steps.size(); ++second) {
    std::uint64_t earlier = 0;
    for (std::size_t first = 0; first < second; ++first) {
      if (all.before.holds(first, second)) earlier += all.marks[first];
    }
    all.marks.push_back(checksum_of(all.steps[second].id, earlier));
    all.order_class += all.marks.back();
  }
  for (const auto& [id, act] : faults) {
    all.order_class += checksum_of(id, static_cast<std::uint64_t>(act));
  }
}

}  // namespace

void Relation::add(std::size_t first, std::size_t second) {
  std::uint64_t* const row = &bits_[second * words_];
  const std::uint64_t* const from = &bits_[first * words_];
  for (std::size_t word = 0; word < words_; ++word) row[word] |= from[word];
  row[first / 64] |= 1ULL << first % 64;
}

std::vector<std::size_t> Steps::needed_among(const std::vector<std::size_t>& places,
                                             std::size_t second) const {
  std::vector<std::size_t> needed;
  const RunStep& later = steps[second];
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    const auto known = [&](std::size_t each) { return before.holds(*place, each); };
    if (std::ranges::any_of(needed, known)) continue;
    const RunStep& earlier = steps[*place];
    if (is_bound(earlier, *place, later) || earlier.touch.clashes(later.touch)) {
      needed.push_back(*place);
    }
  }
  return needed;
}

Steps steps_of(const Trace& trace, const StepSources& sources) {
  Steps all;
  StepReader reader(trace, sources);
  all.cut = !reader.read(all.steps);
  set_bounds(all.steps, sources.deliveries);
  relate(all);
  all.waits = reader.waits(all.steps, sources.waits, all.fired);
  add_waits(all);
  mark(all, sources.faults);
  return all;
}

}  // namespace provlab::lab
