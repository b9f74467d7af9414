#include <fmt/format.h>

#include <list>

#include "netfakes/responder_kinds.hpp"
#include "sim/world/world.hpp"
#include "tests/fuzz/records.hpp"
#include "tests/fuzz/targets.hpp"
#include "tests/unit/world/tcp_client.hpp"

namespace provlab::fuzz {

namespace {

using namespace netfakes;
using namespace std::chrono_literals;

constexpr Ipv4Address kFakes = Ipv4Address::of(192, 0, 2, 1);
constexpr Port kRedirectPort = 8080;

/// One responder of each kind, on one host.
std::vector<std::unique_ptr<Responder>> all_responders(Host& host) {
  std::vector<std::unique_ptr<Responder>> all;
  const auto add = [&](auto config) {
    all.push_back(
        make_responder(host, std::make_shared<const decltype(config)>(std::move(config))));
  };
  DhcpConfig dhcp;
  dhcp.settings.option_66 = "http://prov.server.com/a.xml";
  add(std::move(dhcp));
  DnsConfig dns;
  dns.names.emplace("prov.server.com", kFakes);
  add(std::move(dns));
  add(NtpConfig());
  MulticastConfig multicast;
  multicast.notifies.push_back({.id = {}, .url = "http://prov.server.com/b.xml"});
  add(std::move(multicast));
  HttpConfig http;
  HttpResource& document = http.resources.emplace_back();
  document.path = "/a.xml";
  document.body = "<configuration/>";
  add(std::move(http));
  RedirectConfig redirect;
  redirect.port = kRedirectPort;
  add(std::move(redirect));
  return all;
}

}  // namespace

std::string fakes(std::string_view input) {
  world::World world(7);
  const auto machine = [](const char* name, Ipv4Address address) {
    return world::HostOptions{.name = name,
                              .configuration = InterfaceConfiguration{{address, 24}, std::nullopt}};
  };
  world::VirtualHost& server = world.add_host(machine("server", kFakes));
  world::VirtualHost& client = world.add_host(machine("client", Ipv4Address::of(192, 0, 2, 50)));
  const auto responders = all_responders(server);
  for (const auto& each : responders) {
    if (auto started = each->start(); !started) return started.error().to_string();
  }
  const auto socket = client.open_udp({.port = 68, .broadcast = true, .groups = {}}).value();
  std::list<world::TcpClient> streams;
  for (const Record& record : read_records(input)) {
    constexpr Endpoint kPlaces[] = {{Ipv4Address::of(255, 255, 255, 255), 67},
                                    {kFakes, 67},
                                    {kFakes, 53},
                                    {kFakes, 123},
                                    {Ipv4Address::of(224, 0, 1, 75), 5060},
                                    {kFakes, 80},
                                    {kFakes, kRedirectPort}};
    const std::size_t place = record.kind % std::size(kPlaces);
    if (place < 5) {
      std::ignore = socket->send(kPlaces[place], bytes_of(record.octets));
    } else {
      if (streams.empty() || record.which % 2 == 0) streams.emplace_back(client, kPlaces[place]);
      streams.back().send(record.octets);
    }
    constexpr Duration kPauses[] = {0s, 10ms, 1s, 40s};
    world.run_until(world.now() + kPauses[record.when % std::size(kPauses)]);
  }
  world.run_until(world.now() + 60s);
  for (const auto& each : responders) each->stop();
  const std::size_t events = world.trace().size();
  if (events > 2000 + input.size()) return fmt::format("{} events", events);
  return {};
}

}  // namespace provlab::fuzz
