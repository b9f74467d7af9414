#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "netfakes/responder.hpp"
#include "sim/record/trace.hpp"
#include "sim/world/world.hpp"

/// A network with one server and one client, for tests of responders: every packet takes 1 ms.
namespace provlab::netfakes::test {

using namespace std::chrono_literals;

inline constexpr Ipv4Address kServer = Ipv4Address::of(192, 0, 2, 1);
inline constexpr Ipv4Address kClient = Ipv4Address::of(192, 0, 2, 50);
inline constexpr MacAddress kClientMac{{0x00, 0x09, 0x52, 0x00, 0x00, 0x0e}};

/// A responder with a configuration that nobody else has.
template <class Config>
std::unique_ptr<Responder> responder_on(Host& host, Config config) {
  return make_responder(host, std::make_shared<const Config>(std::move(config)));
}

/// Keeps what a UDP socket receives, with the time.
class Inbox {
 public:
  struct Entry {
    Instant at;
    Datagram datagram;
    std::string text() const { return std::string(text_of(datagram.payload)); }
  };

  Inbox(Host& host, Port port) : host_(host) {
    auto socket = host.open_udp({.port = port, .broadcast = true, .groups = {}});
    EXPECT_TRUE(socket) << socket.error().text;
    socket_ = std::move(*socket);
    receive();
  }
  void send(Endpoint to, BytesView payload) { EXPECT_TRUE(socket_->send(to, payload)); }
  const std::vector<Entry>& entries() const { return entries_; }
  const Entry& only() const {
    EXPECT_EQ(entries_.size(), 1u);
    static const Entry kNone{};
    return entries_.empty() ? kNone : entries_[0];
  }

 private:
  void receive() {
    socket_->start_receive(std::nullopt, [this](error_code error, Datagram datagram) {
      if (error) return;
      entries_.push_back({host_.now(), std::move(datagram)});
      receive();
    });
  }
  Host& host_;
  std::unique_ptr<UdpSocket> socket_;
  std::vector<Entry> entries_;
};

class LanTest : public testing::Test {
 protected:
  LanTest() { world_.network().link.latency = 1ms; }

  /// Runs for so long.
  void run(Duration duration = 1s) { world_.run_until(world_.now() + duration); }

  /// The values of one field of all events of that name, in order.
  std::vector<std::string> recorded(std::string_view event, std::string_view field) const {
    std::vector<std::string> values;
    for (const TraceRecord record : const_cast<world::World&>(world_).trace()) {
      if (record.is(event)) values.push_back(record.field(field).value_or("-"));
    }
    return values;
  }

  world::World world_{1};
  world::VirtualHost& server_ = world_.add_host(
      {.name = "server", .configuration = InterfaceConfiguration{{kServer, 24}, std::nullopt}});
  world::VirtualHost& client_ =
      world_.add_host({.name = "client",
                       .configuration = InterfaceConfiguration{{kClient, 24}, kServer},
                       .mac = kClientMac});
};

}  // namespace provlab::netfakes::test
