#include <gtest/gtest.h>

#include "core/platform/host.hpp"
#include "sim/wire/port.hpp"
#include "sim/world/tcp.hpp"
#include "tests/unit/port/fake_link.hpp"

/// What becomes of connections whose peer on the wire vanishes without a word.
namespace provlab::wire {
namespace {

using namespace std::chrono_literals;
using world::Packet;
using world::TcpConnection;

constexpr MacAddress kPeerMac{{0x02, 0xaa, 0, 0, 0, 1}};
constexpr Endpoint kPeer{Ipv4Address::of(192, 0, 2, 50), 4000};
constexpr Endpoint kServer{Ipv4Address::of(192, 0, 2, 1), 80};

/// A server that is plugged in, and a client that the test plays, by hand.
struct KeepAlive : testing::Test {
  void SetUp() override {
    auto owned = std::make_unique<FakeLink>();
    link = owned.get();
    port = std::make_unique<Port>(world, std::move(owned));
    acceptor = server.listen({.port = kServer.port}).value();
    acceptor->start_accept([this](error_code, std::unique_ptr<StreamSocket> accepted) {
      socket = std::move(accepted);
      socket->start_read(asio::buffer(octets),
                         [this](error_code error, std::size_t) { ended = error; });
    });
    come({.syn = true}, 1000, 0);
    come({.ack = true}, 1001, sent().back().sequence + 1);
    ASSERT_TRUE(socket);
    link->sent.clear();
  }
  void run(Duration time) { world.run_until(world.now() + time); }
  void come(world::TcpFlags flags, std::uint32_t sequence, std::uint32_t acknowledgement) {
    Packet packet;
    packet.protocol = world::Protocol::tcp;
    packet.from = kPeer;
    packet.to = kServer;
    packet.flags = flags;
    packet.sequence = sequence;
    packet.acknowledgement = acknowledgement;
    packet.window = 65535;
    for (Bytes& frame :
         world::write_frames(server.mac(), kPeerMac, world::datagram_of(packet, 1))) {
      link->arriving.push_back(std::move(frame));
    }
    ASSERT_TRUE(port->take_frames(64));
    run(5ms);
  }
  std::vector<Packet> sent() {
    std::vector<Packet> all;
    for (const Bytes& each : link->sent) {
      const auto frame = world::read_frame(each);
      const auto* datagram = std::get_if<world::IpDatagram>(&frame->content);
      if (datagram == nullptr) continue;
      const auto message = world::read_message(*datagram);
      if (const auto* packet = std::get_if<Packet>(&*message)) all.push_back(*packet);
    }
    return all;
  }

  world::World world{5};
  world::VirtualHost& server = world.add_host(
      {.name = "server",
       .configuration = InterfaceConfiguration{{kServer.address, 24}, std::nullopt}});
  FakeLink* link = nullptr;
  std::unique_ptr<Port> port;
  std::unique_ptr<StreamAcceptor> acceptor;
  std::unique_ptr<StreamSocket> socket;
  std::array<char, 16> octets{};
  std::optional<error_code> ended;
};

TEST_F(KeepAlive, PeerThatVanishedIsLookedForAndThenGivenUp) {
  run(TcpConnection::kIdle - 1min);
  EXPECT_TRUE(sent().empty()) << "nobody is asked before two hours are over";
  run(3min);
  ASSERT_FALSE(sent().empty());
  EXPECT_TRUE(sent()[0].bare_ack());
  EXPECT_EQ(sent()[0].acknowledgement, 1001U);
  // As nobody answers ARP any more, the later ones do not leave; they count all the same.
  run(TcpConnection::kKeepAliveGap * (TcpConnection::kKeepAliveProbes - 3));
  EXPECT_FALSE(ended);
  run(TcpConnection::kKeepAliveGap * 4);
  EXPECT_EQ(ended, asio::error::timed_out);
}

TEST_F(KeepAlive, PeerThatAnswersIsKept) {
  run(TcpConnection::kIdle + 2min);
  const std::size_t asked = sent().size();
  ASSERT_GT(asked, 0U);
  come({.ack = true}, 1001, sent()[0].sequence + 1);
  run(TcpConnection::kIdle - 2min);
  EXPECT_EQ(sent().size(), asked) << "it was heard";
  EXPECT_FALSE(ended);
}

}  // namespace
}  // namespace provlab::wire
