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

#include "core/net/net_events.hpp"
#include "core/platform/checksum.hpp"
#include "netfakes/events.hpp"
#include "sim/world/events.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostSteps = 2000;

class StepReader {
 public:
  StepReader(const Trace& trace, HostId device, const std::vector<Delivery>& deliveries,
             const Backdrop& backdrop)
      : trace_(trace),
        device_(device),
        deliveries_(deliveries),
        backdrop_(backdrop),
        turns_(backdrop.turns) {
    for (std::size_t i = 0; i < deliveries.size(); ++i) {
      for (const EventNumber event : deliveries[i].arrived) arrivals_.push_back({event, i});
    }
    std::ranges::sort(arrivals_, {}, &Arrival::event);
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

  std::size_t owner(EventNumber event) const { return event == 0 ? RunStep::kNone : owner_[event]; }

  std::size_t step_of(const TraceRecord& record, std::vector<RunStep>& steps) {
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
    if (cause != RunStep::kNone && !arrives && (!at_phone || steps[cause].at == record.at())) {
      return cause;
    }
    if (!arrives && last_other_ != RunStep::kNone && steps[last_other_].at == record.at() &&
        steps[last_other_].cause == cause) {
      return last_other_;
    }
    return last_other_ = add_other(record, cause, steps);
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

  void take(const TraceRecord& record, std::size_t number, RunStep& step) {
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
  std::vector<std::size_t> owner_;     // of events
  std::vector<std::size_t> place_;     // of deliveries
  std::set<std::size_t> silent_;       // steps that began with a datagram, and said no more
  std::set<std::uint64_t> half_open_;  // connections whose SYN has no answer yet
  std::size_t last_other_ = RunStep::kNone;
  std::map<std::uint64_t, std::uint64_t> others_;
};

/// How much later each step could be, were all that has led to it held back as long as may be.
std::vector<Duration> slacks(const std::vector<RunStep>& steps,
                             const std::vector<Delivery>& deliveries) {
  std::vector<Duration> all;
  for (const RunStep& step : steps) {
    Duration slack = step.cause == RunStep::kNone ? Duration::zero() : all[step.cause];
    if (step.delivery != RunStep::kNone && deliveries[step.delivery].choice != 0) {
      slack += std::max(deliveries[step.delivery].deadline - step.at, Duration::zero());
    }
    all.push_back(slack);
  }
  return all;
}

/// Finds which step is to be held back for a pair to be swapped.
class Swaps {
 public:
  Swaps(const std::vector<RunStep>& steps, const std::vector<Delivery>& deliveries)
      : steps_(steps), deliveries_(deliveries), slacks_(slacks(steps, deliveries)) {}

  /// The first of the pair, where its window allows that. Behind what is no delivery and comes when
  /// it comes also the last of what has led to the first and, held back with all that follows from
  /// it, brings it there. kNone where nothing does.
  std::size_t to_hold(std::size_t first, std::size_t second) const {
    if (in_window(first, second)) return first;
    if (steps_[second].delivery != RunStep::kNone) return RunStep::kNone;
    const Duration wanted = steps_[second].at - steps_[first].at;
    for (std::size_t each = first; each != RunStep::kNone; each = steps_[each].cause) {
      const std::size_t before = steps_[each].cause;
      const Duration others = before == RunStep::kNone ? Duration::zero() : slacks_[before];
      if (!can_wait(each) || slacks_[first] - others <= wanted) continue;
      return leads_to(each, second) ? RunStep::kNone : each;
    }
    return RunStep::kNone;
  }

 private:
  bool can_wait(std::size_t step) const {
    const std::size_t delivery = steps_[step].delivery;
    return delivery != RunStep::kNone && deliveries_[delivery].choice != 0;
  }

  bool leads_to(std::size_t step, std::size_t consequence) const {
    while (consequence != RunStep::kNone && consequence > step) {
      consequence = steps_[consequence].cause;
    }
    return consequence == step;
  }

  /// Until when the second must be there for the first to be held back behind it.
  bool in_window(std::size_t first, std::size_t second) const {
    if (!can_wait(first)) return false;
    const Delivery& held = deliveries_[steps_[first].delivery];
    if (steps_[first].at >= held.deadline) return false;
    const std::size_t arrival = steps_[second].delivery;
    return (arrival != RunStep::kNone ? deliveries_[arrival].due : steps_[second].at) <
           held.deadline;
  }

  const std::vector<RunStep>& steps_;
  const std::vector<Delivery>& deliveries_;
  std::vector<Duration> slacks_;
};

/// A timer of the phone. A wait that a packet interrupts goes on as that packet's, and ends without
/// it as well.
bool ends_a_wait(const RunStep& step) {
  return step.delivery == RunStep::kNone && step.flow == 0 &&
         step.touch.changed.meets(Parts::all());
}

void relate(Steps& all, const std::vector<Delivery>& deliveries) {
  const std::vector<RunStep>& steps = all.steps;
  all.before = Relation(steps.size());
  const Swaps swaps(steps, deliveries);
  for (std::size_t second = 0; second < steps.size(); ++second) {
    const RunStep& later = steps[second];
    const bool arrives = later.delivery != RunStep::kNone;
    const std::size_t known = all.pairs.size();
    for (std::size_t first = second; first-- > 0;) {
      if (all.before.holds(first, second)) continue;
      const RunStep& earlier = steps[first];
      const bool follows = later.cause == first;
      const bool bound =
          (follows && !ends_a_wait(later)) || (later.flow != 0 && later.flow == earlier.flow);
      const bool clashes = bound || follows || earlier.touch.clashes(later.touch);
      if (clashes) all.before.add(first, second);
      if (bound) continue;
      const std::size_t held = swaps.to_hold(first, second);
      if (!clashes) {
        if (held == first && arrives) ++all.independent;
      } else if (held != RunStep::kNone) {
        all.pairs.push_back({held, second});
      } else if (earlier.delivery != RunStep::kNone) {
        ++all.beyond_window;
      }
    }
    std::reverse(all.pairs.begin() + static_cast<std::ptrdiff_t>(known), all.pairs.end());
  }
}

/// A step is known by itself and by those that had to come before it.
std::uint64_t order_class(const Steps& all, const std::map<DeliveryId, Act>& faults) {
  std::vector<std::uint64_t> marks;
  std::uint64_t sum = 0;
  for (std::size_t second = 0; second < all.steps.size(); ++second) {
    std::uint64_t earlier = 0;
    for (std::size_t first = 0; first < second; ++first) {
      if (all.before.holds(first, second)) earlier += marks[first];
    }
    marks.push_back(checksum_of(all.steps[second].id, earlier));
    sum += marks.back();
  }
  for (const auto& [id, act] : faults) sum += checksum_of(id, static_cast<std::uint64_t>(act));
  return sum;
}

}  // namespace

void Relation::add(std::size_t first, std::size_t second) {
  std::uint64_t* const row = &bits_[second * words_];
  const std::uint64_t* const from = &bits_[first * words_];
  for (std::size_t word = 0; word < words_; ++word) row[word] |= from[word];
  row[first / 64] |= 1ULL << first % 64;
}

Steps steps_of(const Trace& trace, HostId device, const std::vector<Delivery>& deliveries,
               const std::map<DeliveryId, Act>& faults, const Backdrop& backdrop) {
  Steps all;
  all.cut = !StepReader(trace, device, deliveries, backdrop).read(all.steps);
  relate(all, deliveries);
  all.order_class = order_class(all, faults);
  return all;
}

}  // namespace provlab::lab
