#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/record/trace.hpp"
#include "sim/world/world.hpp"

/// A phone, a server beside it that is its router, and one behind that, for tests of the network.
namespace provlab::world {

using namespace std::chrono_literals;

inline InterfaceConfiguration interface_at(std::string_view address,
                                           std::optional<std::string_view> router = {}) {
  InterfaceConfiguration configuration{{*Ipv4Address::parse(address), 24}, std::nullopt};
  if (router) configuration.router = *Ipv4Address::parse(*router);
  return configuration;
}

struct Lan : testing::Test {
  World world{7};
  VirtualHost& phone =
      world.add_host({.name = "phone", .configuration = interface_at("192.0.2.100", "192.0.2.1")});
  VirtualHost& server = world.add_host(
      {.name = "server", .configuration = interface_at("192.0.2.1"), .routes = true});
  VirtualHost& far = world.add_host({.name = "far",
                                     .configuration = interface_at("198.51.100.7"),
                                     .segment = 1,
                                     .latency = 20ms});
  std::vector<std::pair<Instant, Datagram>> received;

  void collect(VirtualHost& host, UdpSocket& socket) {
    socket.start_receive(std::nullopt, [this, &host, &socket](error_code error, Datagram datagram) {
      if (error) return;
      received.emplace_back(host.now(), std::move(datagram));
      collect(host, socket);
    });
  }
  std::unique_ptr<UdpSocket> open(VirtualHost& host, UdpOptions options) {
    auto socket = host.open_udp(options);
    EXPECT_TRUE(socket) << socket.error().text;
    return std::move(*socket);
  }
  std::size_t count(std::string_view event) {
    std::size_t n = 0;
    for (const TraceRecord record : world.trace()) n += record.is(event);
    return n;
  }
};

}  // namespace provlab::world
