#include "sim/world/network.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/world/events.hpp"

namespace provlab::world {

namespace {

constexpr std::uint32_t kChances = 1'000'000;

/// RFC 1112 6.4: the group's low 23 bits under 01:00:5e.
MacAddress multicast_mac(Ipv4Address group) {
  return {{0x01, 0x00, 0x5e, static_cast<std::uint8_t>(group.value >> 16 & 0x7f),
           static_cast<std::uint8_t>(group.value >> 8), static_cast<std::uint8_t>(group.value)}};
}

}  // namespace

void Network::attach(Station& host) {
  hosts_.push_back(&host);
  path_free_.assign(hosts_.size() * hosts_.size(), Instant{});
}

Station* Network::find(Ipv4Address address, const Station& near) {
  Station* elsewhere = nullptr;
  for (Station* host : hosts_) {
    if (!host->has_address(address)) continue;
    if (host->segment() == near.segment()) return host;
    elsewhere = host;
  }
  return elsewhere;
}

Expected<MacAddress> Network::next_hop(const Station& sender, Ipv4Address destination) {
  const auto& configuration = sender.configuration();
  if (!configuration) return fail("the network is unreachable: the interface has no address");
  if (destination.is_broadcast() || destination == configuration->address.directed_broadcast()) {
    return MacAddress::broadcast();
  }
  if (destination.is_multicast()) return multicast_mac(destination);
  Ipv4Address hop = destination;
  // Hosts outside the LAN stand for the rest of the world, whose routing is not modelled.
  if (!configuration->address.on_link(destination) && sender.segment() == 0) {
    if (!configuration->router) {
      return fail(fmt::format("the network of {} is unreachable: no router is configured",
                              destination.to_string()));
    }
    hop = *configuration->router;
  }
  for (const Station* host : hosts_) {
    if (host->has_address(hop) && (host->segment() == sender.segment() || hop == destination)) {
      return host->mac();
    }
  }
  // Nobody answers the ARP request; the packet is lost on the way, as on a real network.
  return MacAddress{};
}

Expected<void> Network::send(Station& sender, Packet packet) {
  const auto hop = next_hop(sender, packet.to.address);
  if (!hop) return std::unexpected(hop.error());
  packet.source = sender.mac();
  packet.destination = *hop;
  send_frame(sender, std::move(packet));
  return {};
}

void Network::send_frame(Station& sender, Packet packet) {
  if (!sender.powered()) return;
  packet.number = ++packets_;
  const bool traced = !packet.bare_ack();
  const EventNumber sent = traced ? record(sender, PacketSent{packet}) : loop_.trace().cause();
  show(sender, packet);
  if (!sender.link_up()) return lose(sender, packet, "the sender's cable is out");
  if (packet.destination.is_group()) {
    for (Station* receiver : hosts_) {
      if (receiver == &sender || receiver->segment() != sender.segment()) continue;
      if (receiver->hears(packet.to.address)) deliver_to(sender, *receiver, packet, sent);
    }
    return;
  }
  Station* receiver = nullptr;
  for (Station* host : hosts_) {
    const bool by_mac = host->mac() == packet.destination && host->segment() == sender.segment();
    if (by_mac && (packet.to.address.is_broadcast() || !host->configuration() ||
                   host->has_address(packet.to.address))) {
      receiver = host;
    }
  }
  if (receiver == nullptr && packet.destination != MacAddress{}) {
    receiver = find(packet.to.address, sender);
  }
  if (receiver == nullptr) return lose(sender, packet, "no host has this address");
  deliver_to(sender, *receiver, std::move(packet), sent);
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
    const PacketFate fate = (*rule)(packet, receiver);
    if (!std::holds_alternative<Pass>(fate)) return fate;
  }
  const double loss = 1 - (1 - link.loss) * (1 - sender.loss()) * (1 - receiver.loss());
  if (loss > 0 && random_.below(kChances) < static_cast<std::uint64_t>(loss * kChances)) {
    return Lose{};
  }
  return Deliver{};
}

void Network::deliver_to(Station& sender, Station& receiver, Packet packet, EventNumber sent) {
  const PacketFate fate = fate_of(packet, sender, receiver);
  if (const auto* lost = std::get_if<Lose>(&fate)) return lose(sender, packet, lost->reason);
  const auto [later, rank] = std::get<Deliver>(fate);
  Duration delay = link.latency + sender.latency() + receiver.latency() + later;
  if (link.jitter > Duration::zero()) delay += random_.between(Duration::zero(), link.jitter);
  Instant when = loop_.now() + delay;
  if (later == Duration::zero()) {
    Instant& free = path_free_[sender.index() * hosts_.size() + receiver.index()];
    free = when = std::max(when, free);
  }
  if (&receiver == arbitrated_) return arbiter_->take(std::move(packet), when, sent);
  const EventNumber cause = loop_.trace().cause();
  loop_.trace().set_cause(sent);
  auto shared = std::make_unique<Packet>(std::move(packet));
  loop_.queue().schedule(when, rank,
                         [this, to = &receiver, shared = std::move(shared)](error_code error) {
                           if (!error) arrive(*to, *shared);
                         });
  loop_.trace().set_cause(cause);
}

void Network::deliver(Station& receiver, Packet packet, EventNumber sent) {
  loop_.trace().set_cause(sent);
  arrive(receiver, packet);
}

void Network::arrive(Station& receiver, Packet& packet) {
  if (!receiver.powered()) return lose(receiver, packet, "the receiver has no power");
  if (!receiver.link_up()) return lose(receiver, packet, "the receiver's cable is out");
  show(receiver, packet);
  if (!packet.bare_ack()) {
    const EventNumber number = record(receiver, PacketReceived{packet.number, packet.from});
    loop_.trace().set_cause(number);
  }
  const Endpoint to = packet.to;
  const std::uint64_t number = packet.number;
  if (const std::string_view why = receiver.receive(packet); !why.empty()) {
    record(receiver, PacketLost{number, to, why});
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

}  // namespace provlab::world
