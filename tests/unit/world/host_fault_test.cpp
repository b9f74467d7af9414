#include <gmock/gmock.h>

#include "tests/unit/world/lan.hpp"

/// A machine whose own calls fail.
namespace provlab::world {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class HostFaults : public ::testing::Test {
 protected:
  /// Each call of this kind fails so, and is noted.
  void fail(HostOperation operation, HostTrouble trouble) {
    host_.set_fault([this, operation, trouble](const HostCall& call) {
      if (call.operation != operation) return std::optional<HostTrouble>();
      calls_.push_back(call.endpoint.to_string());
      return std::optional(trouble);
    });
  }

  World world_;
  VirtualHost& host_ = world_.add_host(
      {.name = "a",
       .configuration = InterfaceConfiguration{{Ipv4Address::of(192, 0, 2, 1), 24}, {}}});
  VirtualHost& peer_ = world_.add_host(
      {.name = "b",
       .configuration = InterfaceConfiguration{{Ipv4Address::of(192, 0, 2, 2), 24}, {}}});
  std::vector<std::string> calls_;
};

TEST_F(HostFaults, PortsAreNotToBeHad) {
  fail(HostOperation::bind, HostTrouble::in_use);
  EXPECT_THAT(host_.open_udp({.port = 5060}).error().text,
              HasSubstr("UDP port 5060 cannot be opened: the address is already in use"));
  EXPECT_THAT(host_.open_link({.port = 68}).error().text, HasSubstr("UDP port 68"));
  EXPECT_TRUE(host_.listen({.port = 80}));
  EXPECT_THAT(calls_, ElementsAre("0.0.0.0:5060", "0.0.0.0:68"));
  fail(HostOperation::listen, HostTrouble::too_many_files);
  EXPECT_THAT(host_.listen({.port = 81}).error().text,
              HasSubstr("TCP port 81 cannot be opened: too many open files"));
  EXPECT_EQ(host_.open_sockets(), 0U);
}

TEST_F(HostFaults, DatagramsAreNotSent) {
  const auto socket = host_.open_udp({});
  fail(HostOperation::send, HostTrouble::no_network);
  EXPECT_EQ((*socket)->send({Ipv4Address::of(192, 0, 2, 2), 53}, {}).error().text,
            "the network is unreachable");
  EXPECT_THAT(calls_, ElementsAre("192.0.2.2:53"));
  host_.set_fault({});
  EXPECT_TRUE((*socket)->send({Ipv4Address::of(192, 0, 2, 2), 53}, {}));
}

TEST_F(HostFaults, ConnectionsAreNotOpened) {
  const auto acceptor = peer_.listen({.port = 80});
  fail(HostOperation::connect, HostTrouble::no_route);
  std::vector<error_code> found;
  const auto connect = [&] {
    host_.start_connect(
        {Ipv4Address::of(192, 0, 2, 2), 80}, world_.now() + 1s,
        [&](error_code error, std::unique_ptr<StreamSocket>) { found.push_back(error); });
    EXPECT_TRUE(found.empty());  // never before it returns
    world_.run_until(world_.now() + 2s);
  };
  connect();
  EXPECT_THAT(found, ElementsAre(asio::error::host_unreachable));
  found.clear();
  host_.set_fault({});
  connect();
  EXPECT_THAT(found, ElementsAre(error_code()));
}

TEST_F(HostFaults, DescriptorsRunOut) {
  fail(HostOperation::connect, HostTrouble::too_many_files);
  EXPECT_EQ(host_.transfer_sockets().open({Ipv4Address::of(192, 0, 2, 2), 80}), -1);
}

}  // namespace
}  // namespace provlab::world
