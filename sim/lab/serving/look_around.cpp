#include "sim/lab/serving/look_around.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/net/dhcp_message.hpp"
#include "netfakes/responder_kinds.hpp"
#include "sim/wire/pacer.hpp"
#include "sim/wire/port.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

namespace {

using std::chrono::milliseconds;

constexpr Duration kBetweenTries = milliseconds(2000);
constexpr Duration kForOffers = milliseconds(4500);
constexpr Duration kForProbes = milliseconds(1000);
constexpr Duration kBetweenStops = milliseconds(100);

bool has_dhcp(const ScenarioPlan& plan) {
  return std::ranges::any_of(plan.responders, [](const ResponderPlan& each) {
    return netfakes::kind_of(each.config).name == netfakes::DhcpConfig::kind.name;
  });
}

/// An address of nobody: the bit for addresses that no maker gives away, and chance.
MacAddress some_mac(std::uint64_t seed) {
  MacAddress mac{{0x02, 0x50}};
  for (std::size_t i = 2; i < 6; ++i) {
    mac.octets[i] = static_cast<std::uint8_t>(seed >> (8 * i));
  }
  return mac;
}

/// A client that asks for an address and never takes one.
class Asker {
 public:
  Asker(world::VirtualHost& host, std::uint64_t seed)
      : host_(host), xid_(static_cast<std::uint32_t>(seed)) {
    const auto& mac = host.mac().octets;
    auto opened = host.open_link(
        {.port = net::kDhcpClientPort, .octets = {{0, {2}}, {28, {mac.begin(), mac.end()}}}});
    socket_ = std::move(opened.value());
    receive();
  }

  void ask() {
    net::DhcpMessage discover;
    discover.xid = xid_;
    discover.chaddr = host_.mac();
    discover.broadcast = true;
    LinkDatagram datagram;
    datagram.destination = MacAddress::broadcast();
    datagram.from.port = net::kDhcpClientPort;
    datagram.to = net::kAllDhcpServers;
    datagram.payload = discover.serialize();
    (void)socket_->send(datagram);
  }
  const std::string& heard() const { return heard_; }

 private:
  void receive() {
    socket_->start_receive(std::nullopt, [this](error_code error, LinkDatagram datagram) {
      if (error) return;
      const auto offer = net::DhcpMessage::parse(datagram.payload);
      if (offer && offer->xid == xid_ && heard_.empty()) {
        const auto server = offer->address(net::dhcp_option::kServerIdentifier);
        heard_ = fmt::format("{} ({})", server.value_or(datagram.from.address).to_string(),
                             datagram.source.to_string());
      }
      receive();
    });
  }

  world::VirtualHost& host_;
  std::uint32_t xid_;
  std::unique_ptr<LinkSocket> socket_;
  std::string heard_;
};

}  // namespace

Expected<void> look_around(BenchLink& bench, const ScenarioPlan& plan, const LookAround& options) {
  world::World world(options.seed);
  world.network().link.latency = {};
  const bool asks = has_dhcp(plan) && !options.beside_dhcp;
  // None of our hosts is there yet: another lab's would have the same link addresses.
  world::VirtualHost& host = world.add_host({.name = "asker", .mac = some_mac(options.seed)});
  Asker asker(host, options.seed);
  wire::Port port(world, bench.lend());
  wire::Pacer pacer(world, &port);
  bench.attach([&pacer] { return pacer.clock(); }, {});
  std::string taken;
  for (const HostPlan& each : plan.hosts) {
    if (each.options.segment != 0 || !each.options.configuration) continue;
    const Ipv4Address address = each.options.configuration->address.address;
    port.probe(host, address, [&taken, &each, address](std::optional<MacAddress> by) {
      if (!by || !taken.empty()) return;
      taken = fmt::format(
          "{}, the address of '{}', is in use on this wire by {}; take that one off "
          "the wire, or give the host another address in the scenario",
          address.to_string(), each.options.name, by->to_string());
    });
  }
  if (asks) {
    asker.ask();
    world.at(world.now() + kBetweenTries, [&asker] { asker.ask(); });
  }
  const Instant end = world.now() + (asks ? kForOffers : kForProbes);
  const auto found = [&] { return !taken.empty() || !asker.heard().empty(); };
  for (bool ended = false; !ended;) {
    const auto ran = pacer.run(found, std::min(end, pacer.clock() + kBetweenStops));
    if (!ran) {
      bench.detach();
      return std::unexpected(ran.error());
    }
    ended = *ran || pacer.clock() >= end || (options.stop && options.stop());
  }
  bench.detach();
  if (!taken.empty()) return fail(taken);
  if (asker.heard().empty()) return {};
  return fail(
      fmt::format("another DHCP server answers on this wire, {}: phones would take what "
                  "either says; take it off the wire, or serve beside it with "
                  "--beside-dhcp",
                  asker.heard()));
}

}  // namespace provlab::lab
