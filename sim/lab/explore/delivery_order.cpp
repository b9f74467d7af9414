// A packet to the phone comes in by take() and stands in flights_, in the order of arrival. When
// one is due, decide() takes the first that nothing keeps back, asks the deviations which
// alternative this choice has, and act() does it: arrive, hold, lose, arrive twice. Each arrival
// lets go of everything that was held, so it comes up again. One packet is decided at a time: what
// follows from an arrival happens before the next. state() hashes deeds without their order, and
// flights.
#include "sim/lab/explore/delivery_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/platform/checksum.hpp"
#include "netfakes/events.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

namespace {

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ULL;  // the finaliser of splitmix64
  value = (value ^ value >> 27) * 0x94d049bb133111ebULL;
  return value ^ value >> 31;
}

std::uint64_t hash_of(std::string_view text) {
  return mixed(checksum_of(text));
}

bool same_flow(const world::Packet& a, const world::Packet& b) {
  return a.protocol == b.protocol && a.from == b.from && a.to == b.to;
}

}  // namespace

std::string to_token(const Deviations& deviations) {
  std::string token;
  for (const auto& [choice, alternative] : deviations) {
    token += fmt::format("{}{}:{}", token.empty() ? "" : ",", choice, alternative);
  }
  return token.empty() ? "natural" : token;
}

Expected<Deviations> parse_token(std::string_view token) {
  Deviations deviations;
  if (token == "natural") return deviations;
  const auto wrong = [&] {
    return fail(
        fmt::format("'{}' is no token of explore; it reads like 3:1,7:2 or natural", token));
  };
  std::size_t last = 0;
  for (std::string_view rest = token; !rest.empty();) {
    const std::string_view piece = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), piece.size() + 1));
    std::size_t choice = 0, alternative = 0;
    const char* end = piece.data() + piece.size();
    const auto first = std::from_chars(piece.data(), end, choice);
    if (first.ec != std::errc() || first.ptr == end || *first.ptr != ':') return wrong();
    const auto second = std::from_chars(first.ptr + 1, end, alternative);
    if (second.ec != std::errc() || second.ptr != end) return wrong();
    if (choice <= last || alternative == 0) return wrong();
    deviations[last = choice] = alternative;
  }
  if (deviations.empty()) return wrong();
  return deviations;
}

DeliveryOrder::DeliveryOrder(world::World& world, world::VirtualHost& device,
                             DeliveryOptions options, const Deviations& deviations)
    : world_(world), device_(device), options_(options), deviations_(deviations) {
  world_.network().arbitrate(device, this);
}

DeliveryOrder::~DeliveryOrder() {
  world_.network().arbitrate(device_, nullptr);
}

void DeliveryOrder::take(world::Packet packet, Instant due, EventNumber sent) {
  const Instant deadline = due + options_.window;
  for (const Flight& earlier : flights_) {
    if (same_flow(earlier.packet, packet)) due = std::max(due, earlier.due);
  }
  const auto later =
      std::ranges::find_if(flights_, [&](const Flight& flight) { return flight.due > due; });
  flights_.insert(later, {std::move(packet), due, std::max(due, deadline), sent});
  wake_at(due);
}

void DeliveryOrder::wake_at(Instant when) {
  const EventNumber cause = world_.trace().cause();
  world_.trace().set_cause(0);
  world_.queue().schedule(when, world::Rank::delivery, [this](error_code error) {
    if (!error) decide();
  });
  world_.trace().set_cause(cause);
}

/// The first packet that is due, that is the first of its flow, and that is not held or has to go.
DeliveryOrder::Flights::iterator DeliveryOrder::next() {
  const Instant now = world_.now();
  for (auto each = flights_.begin(); each != flights_.end() && each->due <= now; ++each) {
    if (each->held && now < each->deadline) continue;
    const bool blocked = std::ranges::any_of(flights_.begin(), each, [&](const Flight& earlier) {
      return same_flow(earlier.packet, each->packet);
    });
    if (!blocked) return each;
  }
  return flights_.end();
}

/// Decides about one packet at a time: what follows from an arrival happens before the next.
void DeliveryOrder::decide() {
  const auto flight = next();
  if (flight == flights_.end()) return;
  if (!arbitrated(*flight)) {
    arrive(flight, 1);
  } else {
    const unsigned faults_left = options_.faults - faults_;
    const std::size_t faults_kinds = options_.doubles ? 2 : 1;
    const bool can_wait = world_.now() < flight->deadline;
    const std::size_t alternatives = 1 + (can_wait ? 1 : 0) + (faults_left > 0 ? faults_kinds : 0);
    std::size_t chosen = 0;
    if (alternatives > 1) {
      choices_.push_back({alternatives, state(*flight), faults_left});
      const auto deviation = deviations_.find(choices_.size());
      if (deviation != deviations_.end() && deviation->second < alternatives) {
        chosen = deviation->second;
        ++deviated_;
      }
    }
    act(flight, chosen > 0 && !can_wait ? chosen + 1 : chosen);
  }
  if (next() != flights_.end()) wake_at(world_.now());
}

bool DeliveryOrder::arbitrated(const Flight& flight) const {
  if (flight.packet.bare_ack()) return false;
  return options_.answers.empty() || options_.answers.contains(answer_of(flight));
}

/// 0 it arrives, 1 it is held back, 2 it is lost, 3 it arrives twice.
void DeliveryOrder::act(Flights::iterator flight, std::size_t choice) {
  if (choice == 0) return arrive(flight, 1);
  if (choice == 1) return hold(*flight);
  ++faults_;
  if (choice == 2) return lose(flight);
  departures_.push_back(label(*flight) + " arrives twice");
  arrive(flight, 2);
}

void DeliveryOrder::arrive(Flights::iterator flight, unsigned copies) {
  Flight arriving = std::move(*flight);
  flights_.erase(flight);
  if (arbitrated(arriving)) let_go(arriving);
  for (; copies > 1; --copies) world_.network().deliver(device_, arriving.packet, arriving.sent);
  world_.network().deliver(device_, std::move(arriving.packet), arriving.sent);
}

/// What was held back has been passed, and may come next.
void DeliveryOrder::let_go(const Flight& passing) {
  for (Flight& flight : flights_) {
    if (!flight.held) continue;
    flight.held = false;
    departures_[*flight.departure] += (flight.passed ? ", " : " for ") + label(passing);
    flight.passed = true;
  }
}

void DeliveryOrder::lose(Flights::iterator flight) {
  departures_.push_back(label(*flight) + " is lost");
  world_.network().lose(device_, flight->packet, "lost by the explorer");
  flights_.erase(flight);
}

void DeliveryOrder::hold(Flight& flight) {
  flight.held = true;
  if (!flight.departure) {
    flight.departure = departures_.size();
    departures_.push_back(label(flight) + " waits");
  }
  wake_at(flight.deadline);
}

std::uint64_t DeliveryOrder::state(const Flight& next) {
  const Trace& trace = world_.trace();
  while (hashed_ < trace.last()) {
    const TraceRecord record = trace.event(++hashed_);
    // Numbers of packets and events differ with the order and mean nothing.
    if (record.is("packet_sent") || record.is("packet_received")) continue;
    deeds_ += mixed(record.checksum(static_cast<std::uint64_t>(record.host())));
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
                  std::uint64_t{flight.packet.to.port} << 48 ^ since(flight.due) << 20 ^
                  since(flight.deadline) * 7 ^ standing << 40);
  }
  return mixed(hash ^ faults_);
}

std::string DeliveryOrder::answer_of(const Flight& flight) const {
  const Trace& trace = world_.trace();
  for (EventNumber event = flight.sent; event != 0; event = trace.event(event).cause()) {
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
