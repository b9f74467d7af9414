#include "sim/world/network.hpp"

#include <algorithm>

#include "sim/world/events.hpp"
#include "sim/world/frame.hpp"
#include "sim/world/routing.hpp"

namespace provlab::world {

namespace {

constexpr std::uint32_t kChances = 1'000'000;

/// Whether a station reaches all others as if they were on its link: those outside the LAN, whose
/// routing is not modelled, and routers.
bool everywhere(const Station& station) {
  return station.segment() != 0 || station.routes();
}

std::size_t octets_of(const Packet& packet) {
  return sizeof(Packet) + packet.payload.size();
}

bool reaches(const Station* taker, Ipv4Address hop) {
  return taker != nullptr && taker->reaches(hop);
}

}  // namespace

void Network::attach(Station& host) {
  if (host.is_outside()) {
    outside_ = &host;
  } else {
    index_.add(host);
    several_lans_ = several_lans_ || host.elsewhere();
  }
}

void Network::move(Station& station, Segment to) {
  several_lans_ = true;
  if (station.segment() == to) return;
  station.stand_in(to);
  if (observer_ == nullptr) return;
  observer_->readdressed(station);
  for (const Ipv4Address group : station.groups()) observer_->group_changed(station, group);
}

void Network::readdressed(Station& station) {
  index_.readdress(station);
  if (observer_ != nullptr) observer_->readdressed(station);
}

void Network::group_changed(Station& station, Ipv4Address group) {
  if (observer_ != nullptr) observer_->group_changed(station, group);
}

Station* Network::find(Ipv4Address address, const Station& near) const {
  Station* elsewhere = nullptr;
  for (Station* host : index_.with_address(address)) {
    if (host->segment() == near.segment()) return host;
    if (!host->elsewhere()) elsewhere = host;
  }
  return elsewhere;
}

Station* Network::neighbour(const Station& sender, Ipv4Address address) const {
  Station* found = find(address, sender);
  const bool here =
      found != nullptr && (found->segment() == sender.segment() || everywhere(sender));
  return here ? found : outside_of(sender);
}

Station* Network::with_mac(const Station& sender, MacAddress mac) const {
  for (Station* host : index_.with_mac(mac)) {
    if (host->segment() == sender.segment() || everywhere(sender)) return host;
  }
  return outside_of(sender);
}

bool Network::asks_in_vain(const Station& sender, Ipv4Address destination) const {
  const auto route = route_of(sender, destination);
  return route && !route->group && !reaches(neighbour(sender, route->hop), route->hop);
}

Expected<void> Network::send(Station& sender, Packet&& packet) {
  const auto route = route_of(sender, packet.to.address);
  if (!route) return std::unexpected(route.error());
  packet.source = sender.mac();
  Station* taker = route->group ? nullptr : neighbour(sender, route->hop);
  if (route->group) {
    packet.destination =
        route->hop.is_multicast() ? mac_of_group(route->hop) : MacAddress::broadcast();
  } else if (taker != nullptr && taker->is_outside()) {
    packet.next_hop = route->hop;
  } else if (taker != nullptr) {
    packet.destination = taker->mac();
  }
  transmit(sender, taker, std::move(packet));
  return {};
}

void Network::send_frame(Station& sender, Packet&& packet) {
  transmit(sender, with_mac(sender, packet.destination), std::move(packet));
}

void Network::transmit(Station& sender, Station* taker, Packet&& packet) {
  if (!sender.powered() || sender.elsewhere()) return;
  if (packet.number == 0 || !sender.is_outside()) packet.number = loop_.next_packet();
  const bool traced = !packet.bare_ack() && sender.told();
  const EventNumber sent = traced ? record(sender, PacketSent{packet}) : loop_.trace().cause();
  if (traced && witness_ != nullptr) witness_->sent(packet, sent);
  show(sender, packet);
  if (!sender.link_up()) return lose(sender, packet, "the sender's cable is out");
  if (packet.destination.is_group()) return send_to_group(sender, packet, sent);
  send_to_one(sender, taker, std::move(packet), sent);
}

void Network::send_to_group(Station& sender, const Packet& packet, EventNumber sent) {
  bool heard = false;
  each_listener(sender, packet, [&](Station& receiver) {
    heard = true;
    deliver_to(sender, receiver, Packet(packet), sent);
  });
  if (Station* const outside = outside_of(sender); outside != nullptr && sender.segment() == 0) {
    heard = true;
    deliver_to(sender, *outside, Packet(packet), sent);
  }
  overhear(sender, packet);
  if (!heard) lose(sender, packet, "nobody on the link listens for it");
}

template <class Visit>
void Network::each_listener(const Station& sender, const Packet& packet, Visit visit) const {
  const Station* last = nullptr;  // one with two sockets is there twice
  for (Station* receiver : index_.listeners(packet.to.port)) {
    if (receiver == std::exchange(last, receiver) || receiver == &sender) continue;
    if (receiver->segment() == sender.segment() && receiver->listens(packet)) visit(*receiver);
  }
}

bool Network::anybody_listens(const Station& sender, const Packet& packet) const {
  bool any = false;
  each_listener(sender, packet, [&any](const Station&) { any = true; });
  return any;
}

void Network::overhear(const Station& sender, const Packet& packet) {
  for (const auto& [host, sink] : captures_) {
    if (host == &sender || host->segment() != sender.segment()) continue;
    if (!host->hears(packet.to.address) || host->listens(packet)) continue;
    loop_.queue().schedule(
        loop_.now() + link.latency + sender.latency_from() + host->latency_to(), Rank::delivery,
        [this, at = host, to = sink, copy = std::make_unique<Packet>(packet)](error_code error) {
          if (!error && at->up()) to->packet(loop_.now(), *copy);
        });
  }
}

void Network::send_to_one(Station& sender, Station* taker, Packet&& packet, EventNumber sent) {
  if (taker == nullptr) return lose(sender, packet, "nobody on the link has this address");
  Station* receiver = taker;
  // A host that does not route gets it all the same, and drops it.
  if (taker->routes() && !taker->has_address(packet.to.address) &&
      !packet.to.address.is_broadcast()) {
    receiver = find(packet.to.address, *taker);
    if (receiver == nullptr) receiver = outside_of(sender);
    if (receiver == nullptr) return lose(sender, packet, "no host has this address");
  }
  const std::string_view why = barrier(sender, *taker, *receiver);
  if (!why.empty()) return lose(sender, packet, why);
  deliver_to(sender, *receiver, std::move(packet), sent);
}

std::string_view Network::barrier(const Station& sender, const Station& taker,
                                  const Station& receiver) const {
  if (receiver.is_outside()) {
    return sender.segment() == 0 || router() != nullptr ? "" : "no router leads from its network";
  }
  if (&taker != &receiver) return taker.up() ? std::string_view() : "the router is not there";
  if (sender.segment() == receiver.segment() || sender.routes()) return {};
  const Segment lan = std::min(sender.segment(), receiver.segment());
  if (lan != 0) return {};
  const Station* const between = router();
  if (between == nullptr) return "no router leads to its network";
  if (!several_lans_ || receiver.segment() != 0) return {};
  const auto& leads = between->configuration();
  const auto& there = receiver.configuration();
  const bool here = leads && there && leads->address.on_link(there->address.address);
  return here ? "" : "the router of this LAN leads to another network";
}

Station* Network::router() const {
  for (Station* host : index_.routers()) {
    if (host->segment() == 0 && host->up()) return host;
  }
  return nullptr;
}

/// What is not of this world, as far as `sender` is; null where all is.
Station* Network::outside_of(const Station& sender) const {
  return &sender == outside_ ? nullptr : outside_;
}

RuleGuard Network::add_rule(PacketRule rule) {
  std::erase_if(rules_, [](const auto& each) { return each.expired(); });
  auto owned = std::make_shared<PacketRule>(std::move(rule));
  rules_.push_back(owned);
  return RuleGuard(std::move(owned));
}

PacketFate Network::fate_of(const Packet& packet, const Station& sender, const Station& receiver) {
  for (const auto& each : rules_) {
    const std::shared_ptr<PacketRule> rule = each.lock();
    if (!rule) continue;
    const PacketFate fate = (*rule)(packet, sender, receiver);
    if (!std::holds_alternative<Pass>(fate)) return fate;
  }
  if (lost_by_chance(sender, receiver)) return Lose{};
  return Deliver{};
}

bool Network::lost_by_chance(const Station& sender, const Station& receiver) {
  const double loss = 1 - (1 - link.loss) * (1 - sender.loss()) * (1 - receiver.loss());
  return loss > 0 && random_.below(kChances) < static_cast<std::uint64_t>(loss * kChances);
}

std::optional<Network::Holder> Network::probe(const Station& asker, Ipv4Address address) {
  if (!asker.up()) return std::nullopt;
  show(asker, MacAddress::broadcast(),
       {.reply = false,
        .sender_mac = asker.mac(),
        .sender = {},
        .target_mac = {},
        .target = address});
  const auto with_it = index_.with_address(address);
  const auto found = std::ranges::find_if(with_it, [&](const Station* host) {
    return host != &asker && host->segment() == asker.segment() && host->up();
  });
  if (found == with_it.end()) return std::nullopt;
  const auto after = there_and_back(asker, **found);
  if (!after) return std::nullopt;
  return Holder{(*found)->mac(), *after};
}

void Network::show_holder(const Station& asker, Ipv4Address address, const MacAddress& holder) {
  show(asker, asker.mac(),
       {.reply = true,
        .sender_mac = holder,
        .sender = address,
        .target_mac = asker.mac(),
        .target = {}});
}

std::optional<Duration> Network::there_and_back(const Station& asker, const Station& other) {
  if (lost_by_chance(asker, other) || lost_by_chance(other, asker)) return std::nullopt;
  return 2 * link.latency + asker.latency_from() + other.latency_to() + other.latency_from() +
         asker.latency_to();
}

void Network::deliver_to(Station& sender, Station& receiver, Packet&& packet, EventNumber sent) {
  const PacketFate fate = fate_of(packet, sender, receiver);
  if (const auto* lost = std::get_if<Lose>(&fate)) return lose(sender, packet, lost->reason);
  const Deliver deliver = std::get<Deliver>(fate);
  Duration delay = link.latency + sender.latency_from() + receiver.latency_to() + deliver.later;
  if (link.jitter > Duration::zero()) delay += random_.between(Duration::zero(), link.jitter);
  Instant when = loop_.now() + delay;
  if (deliver.later == Duration::zero()) {
    when = paths_.reserve(sender.index(), receiver.index(), when, loop_.now());
  }
  if (&receiver == arbitrated_) return arbiter_->take(std::move(packet), when, sent);
  const EventNumber cause = loop_.trace().cause();
  loop_.trace().set_cause(sent);
  auto owned = std::make_unique<Packet>(std::move(packet));
  on_the_way_ += octets_of(*owned);
  if (deliver.apart > Duration::zero()) {
    loop_.queue().schedule(when, deliver.rank,
                           [this, arrival = Apart{&receiver, std::move(owned), deliver, sent}](
                               error_code error) mutable {
                             if (!error) arrive_apart(std::move(arrival));
                           });
  } else {
    loop_.queue().schedule(when, deliver.rank,
                           [this, to = &receiver, owned = std::move(owned)](error_code error) {
                             if (!error) land(*to, *owned);
                           });
  }
  loop_.trace().set_cause(cause);
}

void Network::arrive_apart(Apart arrival) {
  apart_.push_back(std::move(arrival));
  if (apart_.size() == 1) next_apart();
}

void Network::next_apart() {
  while (!apart_.empty()) {
    const Instant actual = loop_.actual();
    const Deliver& fate = apart_.front().fate;
    const Instant earliest = last_apart_ ? *last_apart_ + fate.apart : actual;
    if (actual < earliest) {
      loop_.queue().schedule(earliest, fate.rank, [this](error_code error) {
        if (!error) next_apart();
      });
      return;
    }
    last_apart_ = actual;
    const Apart next = std::move(apart_.front());
    apart_.pop_front();
    loop_.trace().set_cause(next.sent);
    land(*next.receiver, *next.packet);
  }
}

void Network::land(Station& receiver, Packet& packet) {
  on_the_way_ -= octets_of(packet);
  arrive(receiver, packet);
}

std::size_t Network::octets() const {
  std::size_t octets = on_the_way_;
  for (const auto& [where, sink] : captures_) octets += sink->octets();
  return octets;
}

void Network::deliver(Station& receiver, Packet packet, EventNumber sent) {
  loop_.trace().set_cause(sent);
  arrive(receiver, packet);
}

bool Network::comes_from_elsewhere(const Packet& packet) const {
  const auto senders = index_.with_mac(packet.source);
  return !senders.empty() && senders.front()->elsewhere();
}

void Network::arrive(Station& receiver, Packet& packet) {
  if (several_lans_) [[unlikely]] {
    if (comes_from_elsewhere(packet)) {
      return lose(receiver, packet, "it was sent in another LAN");
    }
  }
  if (!receiver.powered()) return lose(receiver, packet, "the receiver has no power");
  if (!receiver.link_up()) return lose(receiver, packet, "the receiver's cable is out");
  if (&receiver == intercepted_ && interceptor_->keeps(packet, loop_.trace().cause())) return;
  show(receiver, packet);
  if (!packet.bare_ack() && receiver.told()) {
    const EventNumber number = record(receiver, PacketReceived{packet.number, packet.from});
    loop_.trace().set_cause(number);
  }
  const Endpoint to = packet.to;
  const std::uint64_t number = packet.number;
  if (const std::string_view why = receiver.receive(packet); !why.empty()) {
    record(receiver, PacketLost{number, to, why});
    if (observer_ != nullptr) observer_->refused(receiver, packet);
  }
}

void Network::lose(const Station& at, const Packet& packet, std::string_view reason) {
  if (packet.bare_ack()) return;
  record(at, PacketLost{packet.number, packet.to, reason});
}

void Network::show(const Station& host, const Packet& packet) {
  for (const auto& [where, sink] : captures_) {
    if (where == &host) sink->packet(loop_.now(), packet);
  }
}

void Network::show(const Station& host, const MacAddress& to, const ArpMessage& arp) {
  for (const auto& [where, sink] : captures_) {
    if (where == &host) sink->arp(loop_.now(), to, arp);
  }
}

}  // namespace provlab::world
