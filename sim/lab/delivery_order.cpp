#include "sim/lab/delivery_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

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
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return mixed(hash);
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
  auto place = flights_.end();
  while (place != flights_.begin() && std::prev(place)->due > due) --place;
  flights_.insert(place, {std::move(packet), due, sent});
  wake_at(due);
}

void DeliveryOrder::wake_at(Instant when) {
  const EventNumber cause = world_.trace().cause();
  world_.trace().set_cause(0);
  world_.queue().schedule(when, world::Rank::delivery, [this](error_code error) {
    if (!error && !committed_) decide();
  });
  world_.trace().set_cause(cause);
}

/// Those that could arrive next, the one that is due first: the first of each flow.
std::vector<DeliveryOrder::Flights::iterator> DeliveryOrder::candidates() {
  std::vector<Flights::iterator> found;
  const Instant limit = world_.now() + options_.window;
  for (auto flight = flights_.begin(); flight != flights_.end() && flight->due <= limit; ++flight) {
    const bool follows = std::any_of(flights_.begin(), flight, [&](const Flight& earlier) {
      return same_flow(earlier.packet, flight->packet);
    });
    if (!follows) found.push_back(flight);
  }
  return found;
}

void DeliveryOrder::decide() {
  while (!committed_ && !flights_.empty() && flights_.front().due <= world_.now()) {
    if (flights_.front().packet.bare_ack()) {
      arrive(flights_.begin(), 1);
      continue;
    }
    auto ready = candidates();
    std::erase_if(ready, [](const auto& flight) { return flight->packet.bare_ack(); });
    const unsigned faults_left = options_.faults - faults_;
    const std::size_t alternatives = ready.size() + (faults_left > 0 ? 2 : 0);
    std::size_t chosen = 0;
    if (alternatives > 1) {
      choices_.push_back({alternatives, state(), faults_left});
      const auto deviation = deviations_.find(choices_.size());
      if (deviation != deviations_.end()) chosen = std::min(deviation->second, alternatives - 1);
    }
    act(ready, chosen);
  }
}

void DeliveryOrder::act(const std::vector<Flights::iterator>& ready, std::size_t choice) {
  const Flights::iterator next = ready.front();
  if (choice == 0) return arrive(next, 1);
  if (choice < ready.size()) return arrive_first(ready, choice);
  ++faults_;
  const bool lost = choice == ready.size();
  departures_.push_back(label(*next) + (lost ? " is lost" : " arrives twice"));
  if (!lost) return arrive(next, 2);
  world_.network().lose(device_, next->packet, "lost by the explorer");
  flights_.erase(next);
}

void DeliveryOrder::arrive(Flights::iterator flight, unsigned copies) {
  Flight arriving = std::move(*flight);
  flights_.erase(flight);
  for (; copies > 1; --copies) world_.network().deliver(device_, arriving.packet, arriving.sent);
  world_.network().deliver(device_, std::move(arriving.packet), arriving.sent);
}

/// The chosen one arrives when it is due, and all that were due before it wait for that.
void DeliveryOrder::arrive_first(const std::vector<Flights::iterator>& ready, std::size_t index) {
  const Flights::iterator chosen = ready[index];
  std::string passed;
  for (std::size_t i = 0; i < index; ++i) {
    passed += (passed.empty() ? "" : ", ") + label(*ready[i]);
  }
  departures_.push_back(fmt::format("{} before {}", label(*chosen), passed));
  const Instant when = std::max(chosen->due, world_.now());
  for (Flight& flight : flights_) flight.due = std::max(flight.due, when);
  flights_.splice(flights_.begin(), flights_, chosen);
  committed_ = true;
  world_.queue().schedule(when, world::Rank::delivery, [this](error_code error) {
    if (error) return;
    committed_ = false;
    arrive(flights_.begin(), 1);
    decide();
  });
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
                  static_cast<std::uint64_t>(flight.due.time_since_epoch().count()) << 20);
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
