#include "tests/component/phone_lab.hpp"

#include <gtest/gtest.h>

#include "sim/record/trace.hpp"
#include "sim/text/parse.hpp"

namespace provlab::test {

namespace {

world::HostOptions host(std::string name, Ipv4Address address, world::Segment segment,
                        Duration latency = {}) {
  world::HostOptions options;
  options.name = std::move(name);
  options.configuration = InterfaceConfiguration{{address, 24}, {}};
  options.segment = segment;
  options.latency = latency;
  return options;
}

world::HostOptions device_options(MacAddress mac) {
  world::HostOptions options;
  options.name = "device";
  options.mac = mac;
  return options;
}

constexpr Ipv4Address kRouter = Ipv4Address::of(192, 0, 2, 1);
world::HostOptions router_options() {
  world::HostOptions options = host("router", kRouter, 0);
  options.routes = true;
  return options;
}

constexpr Ipv4Address kPbx = Ipv4Address::of(192, 0, 2, 10);
constexpr Ipv4Address kCloud = Ipv4Address::of(198, 51, 100, 7);
constexpr Ipv4Address kProv = Ipv4Address::of(198, 51, 100, 10);

}  // namespace

PhoneLab::PhoneLab(std::uint64_t seed)
    : world(seed),
      device(world.add_host(device_options(DeviceIdentity().mac))),
      router(world.add_host(router_options())),
      pbx(world.add_host(host("pbx", kPbx, 0))),
      cloud(world.add_host(host("cloud", kCloud, 1, 20ms))),
      prov(world.add_host(host("prov", kProv, 1, 10ms))) {
  world.network().link.latency = 1ms;
  dhcp.settings.routers = {kRouter};
  dhcp.settings.dns_servers = {kRouter};
  dhcp.settings.ntp_servers = {kRouter};
  dns.names = {{"connect.redirect.auerswald.de", kCloud}, {"prov.server.com", kProv}};
  ntp.settings.clock = parse_wall_time("2026-03-01T08:00:00Z").value();
}

void PhoneLab::start() {
  if (with_dhcp) serve(router, dhcp);
  serve(router, dns);
  if (with_ntp) serve(router, ntp);
  if (with_redirect) serve(cloud, redirect);
  if (with_multicast) serve(pbx, multicast);
  serve(prov, http);
  phone = std::make_unique<phone::Phone>(device, options);
}

void PhoneLab::serve(std::unique_ptr<netfakes::Responder> responder) {
  const auto started = responder->start();
  EXPECT_TRUE(started) << started.error().to_string();
  responders_.push_back(std::move(responder));
}

bool PhoneLab::run_until_ended(unsigned runs, Duration limit) {
  EventNumber seen = 0;
  unsigned ended = 0;
  return world.run_until(
      [&] {
        while (seen < world.trace().last()) {
          if (world.trace().event(++seen).is("run_ended")) ++ended;
        }
        return ended >= runs;
      },
      Instant(limit));
}

void PhoneLab::file(std::string path, std::string body) {
  netfakes::HttpResource resource;
  resource.path = std::move(path);
  resource.body = std::move(body);
  http.resources.push_back(std::move(resource));
}

void PhoneLab::file(std::string path, unsigned status) {
  netfakes::HttpResource resource;
  resource.path = std::move(path);
  resource.status = status;
  http.resources.push_back(std::move(resource));
}

std::vector<TraceRecord> PhoneLab::events(std::string_view name) {
  std::vector<TraceRecord> found;
  for (const TraceRecord& record : world.trace()) {
    if (record.is(name)) found.push_back(record);
  }
  return found;
}

std::string PhoneLab::field(std::string_view name, std::string_view key, std::size_t nth) {
  const auto found = events(name);
  return nth < found.size() ? found[nth].field(key).value_or("") : "";
}

std::vector<std::string> PhoneLab::requested() {
  std::vector<std::string> targets;
  for (const TraceRecord& record : events("request_received")) {
    const std::string request = record.field("request").value_or("");
    if (record.host() == prov.id() && request.starts_with("GET ")) {
      targets.push_back(request.substr(4));
    }
  }
  return targets;
}

unsigned PhoneLab::packets_sent(Instant since) {
  unsigned packets = 0;
  for (const TraceRecord& record : events("packet_sent")) {
    if (record.host() == device.id() && record.at() >= since) ++packets;
  }
  return packets;
}

}  // namespace provlab::test
