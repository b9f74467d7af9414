#include "sim/world/routing.hpp"

#include <gtest/gtest.h>

#include "sim/record/trace.hpp"
#include "tests/unit/world/lan.hpp"
#include "tests/unit/world/tcp_client.hpp"

namespace provlab::world {
namespace {

const Ipv4Address kFar = Ipv4Address::of(198, 51, 100, 7);

/// A web server on the link, and where clients look for it.
struct Routing : Lan {
  VirtualHost& web = world.add_host({.name = "web", .configuration = interface_at("192.0.2.9")});
  std::unique_ptr<StreamAcceptor> near_port = std::move(*web.listen({.port = 80}));
  std::unique_ptr<StreamAcceptor> far_port = std::move(*far.listen({.port = 80}));

  void configure(std::string_view address, unsigned prefix, std::string_view router) {
    InterfaceConfiguration configuration = interface_at(address, router);
    configuration.address.prefix_length = prefix;
    phone.configure(configuration);
  }
  /// How a connection of the phone ended before it stood; no error where it stands.
  error_code connect(Ipv4Address remote) {
    TcpClient client(phone, {remote, 80});
    world.run_until(world.now() + 200s);
    ended = client.error();
    const bool stands = client.state() == TcpConnection::State::established;
    EXPECT_EQ(stands, !ended.failed());
    return ended;
  }
  std::size_t lost(std::string_view reason) {
    std::size_t n = 0;
    for (const TraceRecord record : world.trace()) {
      n += record.is("packet_lost") && record.says("reason", reason);
    }
    return n;
  }
  error_code ended;
};

TEST_F(Routing, ConnectionsStandOnTheLinkAndBehindTheRouter) {
  EXPECT_FALSE(connect(Ipv4Address::of(192, 0, 2, 9)));
  EXPECT_FALSE(connect(kFar));
}

TEST_F(Routing, SynToAGroupNeverLeaves) {
  for (const char* group : {"255.255.255.255", "192.0.2.255", "224.0.1.75", "239.255.255.250"}) {
    EXPECT_EQ(connect(*Ipv4Address::parse(group)), asio::error::network_unreachable) << group;
  }
  EXPECT_EQ(count("packet_sent"), 0U);
}

TEST_F(Routing, SynThatArrivesByBroadcastIsDiscardedWithoutAWord) {
  configure("192.0.2.100", 16, "192.0.2.1");  // for the phone this is no broadcast
  EXPECT_EQ(connect(Ipv4Address::of(192, 0, 2, 255)), asio::error::host_unreachable);
  Packet syn;
  syn.protocol = Protocol::tcp;
  syn.flags.syn = true;
  syn.source = phone.Station::mac();
  syn.destination = MacAddress::broadcast();
  syn.from = {Ipv4Address::of(192, 0, 2, 100), 50000};
  for (const char* to : {"255.255.255.255", "192.0.2.255", "192.0.2.9"}) {
    syn.to = {*Ipv4Address::parse(to), 80};
    web.receive(syn);
  }
  world.run_until_idle();
  EXPECT_EQ(web.open_sockets(), 1U);  // the port
}

TEST_F(Routing, NobodyOnTheLinkIsKnownAfterThreeSeconds) {
  TcpClient client(phone, {Ipv4Address::of(192, 0, 2, 77), 80});
  world.run_until(Instant(2999ms));
  EXPECT_FALSE(client.error());
  world.run_until(Instant(3s));
  EXPECT_EQ(client.error(), asio::error::host_unreachable);
  EXPECT_EQ(lost("nobody on the link has this address"), 2U);
}

TEST_F(Routing, HostThatComesWhileItIsLookedForIsFound) {
  TcpClient client(phone, {Ipv4Address::of(192, 0, 2, 77), 80});
  VirtualHost& late = world.add_host({.name = "late"});
  const auto port = std::move(*late.listen({.port = 80}));
  world.at(Instant(500ms), [&] { late.configure(interface_at("192.0.2.77")); });
  world.run_until(Instant(1500ms));
  EXPECT_EQ(client.state(), TcpConnection::State::established);
}

TEST_F(Routing, MaskTooWideMakesHostsBehindTheRouterUnreachable) {
  configure("192.0.2.100", 0, "192.0.2.1");
  EXPECT_EQ(connect(kFar), asio::error::host_unreachable);
  EXPECT_FALSE(connect(Ipv4Address::of(192, 0, 2, 9)));
}

TEST_F(Routing, DatagramToNobodyIsLost) {
  configure("192.0.2.100", 1, "192.0.2.1");
  const auto socket = open(phone, {});
  ASSERT_TRUE(socket->send({kFar, 53}, bytes_of("x")));
  world.run_until_idle();
  EXPECT_EQ(lost("nobody on the link has this address"), 1U);
}

TEST_F(Routing, MaskTooNarrowGoesByWayOfTheRouter) {
  configure("192.0.2.3", 29, "192.0.2.1");
  EXPECT_FALSE(connect(Ipv4Address::of(192, 0, 2, 9)));
}

TEST_F(Routing, HostThatIsNoRouterDropsWhatIsForOthers) {
  configure("192.0.2.100", 24, "192.0.2.9");
  EXPECT_EQ(connect(kFar), asio::error::timed_out);
  EXPECT_EQ(lost("it is for another host, and this one is no router"), 7U);
}

TEST_F(Routing, RouterThatIsNoOtherHostOfTheLinkIsNone) {
  for (const char* router : {"192.0.2.100", "192.0.3.1", "192.0.2.255", "0.0.0.0"}) {
    configure("192.0.2.100", 24, router);
    EXPECT_EQ(connect(kFar), asio::error::network_unreachable) << router;
    EXPECT_FALSE(route_of(phone, kFar));
    EXPECT_TRUE(route_of(phone, Ipv4Address::of(192, 0, 2, 9)));
  }
}

TEST_F(Routing, RouterThatIsDownPassesNothingOnInEitherDirection) {
  server.set_link(false);
  EXPECT_EQ(connect(kFar), asio::error::timed_out);
  EXPECT_GT(lost("the router is not there"), 0U);
  const auto socket = open(far, {});
  ASSERT_TRUE(socket->send({Ipv4Address::of(192, 0, 2, 9), 9}, bytes_of("x")));
  EXPECT_EQ(lost("no router leads to its network"), 1U);
}

TEST_F(Routing, LinkWithoutARouterHearsNothingFromOutside) {
  World island;
  VirtualHost& inside =
      island.add_host({.name = "inside", .configuration = interface_at("192.0.2.9")});
  VirtualHost& outside = island.add_host(
      {.name = "outside", .configuration = interface_at("198.51.100.7"), .segment = 1});
  const auto listener = std::move(*inside.open_udp({.port = 9}));
  const auto socket = std::move(*outside.open_udp({}));
  ASSERT_TRUE(socket->send({Ipv4Address::of(192, 0, 2, 9), 9}, bytes_of("x")));
  EXPECT_EQ(island.trace().event(island.trace().last()).event(), "packet_lost");
}

TEST_F(Routing, LoopbackNeverGoesOnTheWire) {
  EXPECT_EQ(connect(Ipv4Address::of(127, 0, 0, 1)), asio::error::connection_refused);
  EXPECT_EQ(connect(Ipv4Address::any()), asio::error::connection_refused);
  EXPECT_FALSE(open(phone, {})->send({Ipv4Address::of(127, 0, 0, 1), 53}, bytes_of("x")));
  EXPECT_EQ(count("packet_sent"), 0U);
}

TEST_F(Routing, PrefixesWithoutRoomForABroadcastAddressHaveNone) {
  configure("192.0.2.8", 31, "192.0.2.9");
  EXPECT_FALSE(connect(Ipv4Address::of(192, 0, 2, 9)));  // RFC 3021
}

}  // namespace
}  // namespace provlab::world
