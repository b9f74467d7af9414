// A packet to the phone comes in by take() and stands in flights_, in the order of arrival. When
// one is due, decide() takes the first that nothing keeps back, asks the pilot, and does what he
// says. Each arrival lets go of everything that was held, so it comes up again. One packet is
// decided at a time: what follows from an arrival happens before the next. state() hashes deeds
// without their order, and flights.
#include "sim/lab/explore/delivery_order.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/checksum.hpp"
#include "netfakes/events.hpp"
#include "sim/lab/verdict/outcome_class.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

namespace {

/// Two timers that are so far off are as far off; so many packets in a row would have to be late to
/// come past one.
constexpr int kWindowsAhead = 10;

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ULL;  // the finaliser of splitmix64
  value = (value ^ value >> 27) * 0x94d049bb133111ebULL;
  return value ^ value >> 31;
}

std::uint64_t hash_of(std::string_view text) {
  return mixed(checksum_of(text));
}

std::uint64_t flow_of(const world::Packet& packet) {
  const auto end = [](Endpoint each) {
    return std::uint64_t{each.address.value} << 16 | each.port;
  };
  return mixed(mixed(end(packet.from)) ^ end(packet.to) ^ std::uint64_t(packet.protocol) << 56);
}

}  // namespace

DeliveryOrder::DeliveryOrder(world::World& world, world::VirtualHost& device,
                             DeliveryOptions options, Pilot& pilot)
    : world_(world), device_(device), options_(std::move(options)), pilot_(pilot) {
  world_.network().arbitrate(device, this);
  world_.queue().note_ended_waits(&ended_waits_);
}

DeliveryOrder::~DeliveryOrder() {
  world_.queue().note_ended_waits(nullptr);
  world_.network().arbitrate(device_, nullptr);
}

void DeliveryOrder::take(world::Packet packet, Instant due, EventNumber sent) {
  Delivery delivery;
  delivery.cause = cause_of(sent);
  delivery.id = id_of(packet, delivery.cause);
  delivery.flow = flow_of(packet);
  delivery.sent = sent;
  delivery.by_link = due;
  const Instant deadline = due + options_.window;
  for (const Flight& earlier : flights_) {
    if (earlier.delivery.flow == delivery.flow) due = std::max(due, earlier.delivery.due);
  }
  delivery.due = due;
  delivery.deadline = std::max(due, deadline);
  const auto later = std::ranges::find_if(
      flights_, [&](const Flight& flight) { return flight.delivery.due > due; });
  const auto flight =
      flights_.insert(later, Flight{.packet = std::move(packet), .delivery = std::move(delivery)});
  if (!options_.answers.empty()) flight->answer = answer_of(*flight);
  wake_at(due);
}

DeliveryId DeliveryOrder::cause_of(EventNumber sent) const {
  for (EventNumber event = sent; event != 0; event = world_.trace().event(event).cause()) {
    const auto arrival = arrivals_.find(event);
    if (arrival != arrivals_.end()) return arrival->second;
  }
  return 0;
}

DeliveryId DeliveryOrder::id_of(const world::Packet& packet, DeliveryId cause) {
  const std::uint64_t from = std::uint64_t{packet.from.address.value} << 16 | packet.from.port;
  const std::uint64_t kind = mixed(mixed(cause) ^ from ^ std::uint64_t(packet.protocol) << 56);
  return mixed(kind + ++brought_[kind]);
}

OperationId DeliveryOrder::wake_at(Instant when) {
  const EventNumber cause = world_.trace().cause();
  world_.trace().set_cause(0);
  const OperationId wake =
      world_.queue().schedule(when, world::Rank::delivery, [this](error_code error) {
        if (!error) decide();
      });
  world_.trace().set_cause(cause);
  return wake;
}

/// The first packet that is due, that is the first of its flow, and that is not held or has to go.
DeliveryOrder::Flights::iterator DeliveryOrder::next() {
  const Instant now = world_.now();
  for (auto each = flights_.begin(); each != flights_.end() && each->delivery.due <= now; ++each) {
    if (each->held && now < each->delivery.deadline) continue;
    const bool blocked = std::ranges::any_of(flights_.begin(), each, [&](const Flight& earlier) {
      return earlier.delivery.flow == each->delivery.flow;
    });
    if (!blocked) return each;
  }
  return flights_.end();
}

/// Decides about one packet at a time: what follows from an arrival happens before the next.
void DeliveryOrder::decide() {
  const auto flight = next();
  if (flight == flights_.end()) return;
  const auto before = gone_.find(flight->answer);
  if (before != gone_.end() && !before->second) {
    lose(flight);
    if (next() != flights_.end()) wake_at(world_.now());
    return;
  }
  const bool counts = arbitrated(*flight);
  const Act act = counts ? choose(*flight) : Act::arrive;
  if (act == Act::lose || act == Act::twice) {
    failed_[flight->delivery.id] = act;
    last_fault_ = choices_.size();
  }
  if (counts && act != Act::wait && !flight->answer.empty()) {
    gone_[flight->answer] = act != Act::lose;
  }
  if (act == Act::wait) {
    hold(*flight);
  } else if (act == Act::lose) {
    departures_.push_back(label(*flight) + " is lost");
    lose(flight);
  } else {
    if (act == Act::twice) departures_.push_back(label(*flight) + " arrives twice");
    arrive(flight, act == Act::twice ? 2 : 1, counts);
  }
  if (next() != flights_.end()) wake_at(world_.now());
}

void DeliveryOrder::note_rivals(const Flight& flight) {
  rivals_.clear();
  for (const Flight& each : flights_) {
    if (each.delivery.flow == flight.delivery.flow) continue;
    if (each.delivery.due < flight.delivery.deadline) rivals_.push_back(each.delivery.flow);
  }
}

/// Records the choice, where there is one.
Act DeliveryOrder::choose(Flight& flight) {
  Delivery& delivery = flight.delivery;
  const auto failed = static_cast<unsigned>(failed_.size());
  DuePacket offer{.id = delivery.id, .flow = delivery.flow, .now = world_.now()};
  offer.can_wait = offer.now < delivery.deadline;
  offer.can_fail = failed < options_.faults;
  delivery.choice = 0;
  if (offer.can_wait || offer.can_fail) {
    const auto all = alternatives(offer.can_wait, offer.can_fail, options_.doubles);
    choices_.push_back({all.size(), options_.states ? state(flight) : 0, options_.faults - failed});
    offer.choice = delivery.choice = choices_.size();
    if (delivery.offered == 0) {
      delivery.offered = offer.choice;
      delivery.could_wait = offer.can_wait;
    }
    note_rivals(flight);
    offer.rivals = rivals_;
    const Act act = pilot_.decide(offer);
    const auto chosen = std::ranges::find(all, act);
    if (chosen == all.begin() || chosen == all.end()) return Act::arrive;
    deviations_[offer.choice] = static_cast<std::size_t>(chosen - all.begin());
    return act;
  }
  pilot_.decide(offer);
  return Act::arrive;
}

bool DeliveryOrder::arbitrated(const Flight& flight) const {
  if (flight.packet.bare_ack()) return false;
  return options_.answers.empty() ||
         (options_.answers.contains(flight.answer) && !gone_.contains(flight.answer));
}

void DeliveryOrder::arrive(Flights::iterator flight, unsigned copies, bool counts) {
  Flight arriving = std::move(*flight);
  flights_.erase(flight);
  if (counts) {
    arriving.delivery.label = label(arriving);
    let_go(arriving.delivery.label);
  }
  for (unsigned copy = 1; copy <= copies; ++copy) {
    if (counts) {
      const EventNumber event = world_.trace().last() + 1;
      arrivals_[event] = arriving.delivery.id;
      arriving.delivery.arrived.push_back(event);
    }
    world_.network().deliver(device_, arriving.packet, arriving.delivery.sent);
  }
  if (counts) deliveries_.push_back(std::move(arriving.delivery));
}

/// What was held back has been passed, and may come next.
void DeliveryOrder::let_go(const std::string& passing) {
  for (Flight& flight : flights_) {
    if (!flight.held) continue;
    flight.held = false;
    world_.queue().take(flight.wake);
    departures_[*flight.departure] += (flight.passed ? ", " : " for ") + passing;
    flight.passed = true;
  }
}

void DeliveryOrder::lose(Flights::iterator flight) {
  world_.network().lose(device_, flight->packet, kLost);
  flights_.erase(flight);
}

void DeliveryOrder::hold(Flight& flight) {
  flight.held = true;
  if (!flight.departure) {
    flight.departure = departures_.size();
    departures_.push_back(label(flight) + " waits");
  }
  flight.wake = wake_at(flight.delivery.deadline);
}

std::uint64_t DeliveryOrder::state(const Flight& next) {
  const Trace& trace = world_.trace();
  while (hashed_ < trace.last()) {
    const TraceRecord record = trace.event(++hashed_);
    // Numbers of packets and events differ with the order and mean nothing.
    if (record.is("packet_sent") || record.is("packet_received")) continue;
    const std::uint64_t deed = record.checksum(static_cast<std::uint64_t>(record.host()));
    deeds_ += mixed(deed);
    if (const char* const list = told_in(record)) told_[list] = mixed(told_[list] + deed);
  }
  // The time itself is left out. Only timers hang on it, and those of the phone's search are long
  // beside any window.
  const Instant now = world_.now();
  const auto since = [now](Instant when) {
    return static_cast<std::uint64_t>(std::max(when - now, Duration::zero()).count());
  };
  std::uint64_t hash = deeds_;
  for (const Flight& flight : flights_) {
    const std::uint64_t standing = (flight.held ? 1 : 0) + (&flight == &next ? 2 : 0);
    hash += mixed(hash_of({reinterpret_cast<const char*>(flight.packet.payload.data()),
                           flight.packet.payload.size()}) ^
                  std::uint64_t{flight.packet.from.address.value} << 16 ^ flight.packet.from.port ^
                  std::uint64_t{flight.packet.to.port} << 48 ^ since(flight.delivery.due) << 20 ^
                  since(flight.delivery.deadline) * 7 ^ standing << 40);
  }
  for (const auto& [list, mark] : told_) hash += mixed(mark ^ hash_of(list));
  hash += mixed(world_.queue().mark_of_pending(now + kWindowsAhead * options_.window));
  return mixed(hash ^ failed_.size());
}

std::string DeliveryOrder::answer_of(const Flight& flight) const {
  const Trace& trace = world_.trace();
  for (EventNumber event = flight.delivery.sent; event != 0; event = trace.event(event).cause()) {
    const TraceRecord record = trace.event(event);
    if (record.is<netfakes::AnswerSent>()) return record.field("answer").value_or("an answer");
    if (record.is("packet_received")) break;
  }
  return {};
}

/// The answer, else what kind of packet it is and from where.
std::string DeliveryOrder::label(const Flight& flight) const {
  if (std::string answer = answer_of(flight); !answer.empty()) return answer;
  const world::Packet& packet = flight.packet;
  return fmt::format("{} from {}",
                     packet.protocol == world::Protocol::tcp ? packet.flags_text() : "a datagram",
                     packet.from.to_string());
}

}  // namespace provlab::lab
