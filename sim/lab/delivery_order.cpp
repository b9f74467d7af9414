#include "sim/lab/delivery_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

#include "core/platform/checksum.hpp"
#include "netfakes/events.hpp"
#include "sim/world/virtual_host.hpp"

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
  const bool passes = !packet.bare_ack();
  flights_.push_back({std::move(packet), due, deadline, sent});
  const auto added = std::prev(flights_.end());
  place(added);
  wake_at(due);
  if (!passes) return;
  for (auto each = std::next(added); each != flights_.end();) {
    const auto flight = each++;
    if (!flight->waiting || same_flow(flight->packet, added->packet)) continue;
    flight->waiting = false;
    flight->due = due;
    flights_.splice(std::next(added), flights_, flight);
  }
}

void DeliveryOrder::place(Flights::iterator flight) {
  auto before = flights_.end();
  while (before != flights_.begin()) {
    const auto previous = std::prev(before);
    if (previous != flight && previous->due <= flight->due) break;
    before = previous;
  }
  if (before != flight) flights_.splice(before, flights_, flight);
}

void DeliveryOrder::wake_at(Instant when) {
  const EventNumber cause = world_.trace().cause();
  world_.trace().set_cause(0);
  world_.queue().schedule(when, world::Rank::delivery, [this](error_code error) {
    if (!error) decide();
  });
  world_.trace().set_cause(cause);
}

/// Decides about one packet at a time: what follows from an arrival happens before the next.
void DeliveryOrder::decide() {
  if (flights_.empty() || flights_.front().due > world_.now()) return;
  const Flight& next = flights_.front();
  if (next.packet.bare_ack()) {
    arrive(1);
  } else {
    const unsigned faults_left = options_.faults - faults_;
    const bool can_wait = world_.now() < next.deadline;
    const std::size_t alternatives = 1 + (can_wait ? 1 : 0) + (faults_left > 0 ? 2 : 0);
    std::size_t chosen = 0;
    if (alternatives > 1) {
      choices_.push_back({alternatives, state(), faults_left});
      const auto deviation = deviations_.find(choices_.size());
      if (deviation != deviations_.end() && deviation->second < alternatives) {
        chosen = deviation->second;
        ++deviated_;
      }
    }
    act(chosen > 0 && !can_wait ? chosen + 1 : chosen);
  }
  if (!flights_.empty() && flights_.front().due <= world_.now()) wake_at(world_.now());
}

/// 0 it arrives, 1 it is held back, 2 it is lost, 3 it arrives twice.
void DeliveryOrder::act(std::size_t choice) {
  if (choice == 0) return arrive(1);
  if (choice == 1) return hold();
  ++faults_;
  if (choice == 2) return lose();
  departures_.push_back(label(flights_.front()) + " arrives twice");
  arrive(2);
}

void DeliveryOrder::arrive(unsigned copies) {
  Flight arriving = std::move(flights_.front());
  flights_.pop_front();
  for (; copies > 1; --copies) world_.network().deliver(device_, arriving.packet, arriving.sent);
  world_.network().deliver(device_, std::move(arriving.packet), arriving.sent);
}

void DeliveryOrder::lose() {
  departures_.push_back(label(flights_.front()) + " is lost");
  world_.network().lose(device_, flights_.front().packet, "lost by the explorer");
  flights_.pop_front();
}

/// Behind the next of another flow, or to the end of its patience where none is on its way. What
/// follows it in its flow stays behind it.
void DeliveryOrder::hold() {
  const auto held = flights_.begin();
  const auto passing = std::find_if(std::next(held), flights_.end(), [&](const Flight& flight) {
    return !flight.packet.bare_ack() && !same_flow(flight.packet, held->packet);
  });
  held->waiting = passing == flights_.end() || passing->due > held->deadline;
  departures_.push_back(held->waiting
                            ? label(*held) + " waits"
                            : fmt::format("{} waits for {}", label(*held), label(*passing)));
  held->due = held->waiting ? held->deadline : passing->due;
  if (held->waiting) {
    place(held);
  } else {
    flights_.splice(std::next(passing), flights_, held);
  }
  wake_at(held->due);
  // In their order; each goes behind the one before it.
  std::vector<Flights::iterator> followers;
  for (auto each = flights_.begin(); each != held; ++each) {
    if (same_flow(each->packet, held->packet)) followers.push_back(each);
  }
  auto last = held;
  for (const auto follower : followers) {
    follower->due = std::max(follower->due, held->due);
    flights_.splice(std::next(last), flights_, follower);
    last = follower;
  }
}

std::uint64_t DeliveryOrder::state() {
  const Trace& trace = world_.trace();
  for (; hashed_ < trace.size(); ++hashed_) {
    const TraceRecord record = trace[hashed_];
    // Numbers of packets and events differ with the order and mean nothing.
    if (record.is("packet_sent") || record.is("packet_received")) continue;
    deeds_ += mixed(hash_of(record.event()) ^ hash_of(record.members()) * 3 ^
                    static_cast<std::uint64_t>(record.host()));
  }
  std::uint64_t hash = deeds_;
  for (const Flight& flight : flights_) {
    hash += mixed(hash_of({reinterpret_cast<const char*>(flight.packet.payload.data()),
                           flight.packet.payload.size()}) ^
                  std::uint64_t{flight.packet.from.address.value} << 16 ^ flight.packet.from.port ^
                  std::uint64_t{flight.packet.to.port} << 48 ^
                  static_cast<std::uint64_t>(flight.due.time_since_epoch().count()) << 20 ^
                  static_cast<std::uint64_t>(flight.deadline.time_since_epoch().count()) * 7);
  }
  return mixed(hash ^ mixed(static_cast<std::uint64_t>(world_.now().time_since_epoch().count())) ^
               faults_);
}

/// The answer that the packet carries, else what kind of packet it is and from where.
std::string DeliveryOrder::label(const Flight& flight) const {
  const Trace& trace = world_.trace();
  for (EventNumber event = flight.sent; event != 0; event = trace[event - 1].cause()) {
    const TraceRecord record = trace[event - 1];
    if (record.is<netfakes::AnswerSent>()) return record.field("answer").value_or("an answer");
    if (record.is("packet_received")) break;
  }
  const world::Packet& packet = flight.packet;
  return fmt::format("{} from {}",
                     packet.protocol == world::Protocol::tcp ? packet.flags_text() : "a datagram",
                     packet.from.to_string());
}

}  // namespace provlab::lab
