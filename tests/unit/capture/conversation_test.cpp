#include "sim/lab/importing/conversation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace provlab::lab {
namespace {

using ::testing::ElementsAre;

const Ipv4Address kPhone = Ipv4Address::of(192, 0, 2, 100);
const Ipv4Address kServer = Ipv4Address::of(192, 0, 2, 1);

/// As many connections that nobody takes, a millisecond apart.
PhoneTraffic attempts(std::size_t count) {
  PhoneTraffic traffic;
  for (std::size_t i = 0; i < count; ++i) {
    SeenPacket packet;
    packet.time = static_cast<std::int64_t>(i) * 1'000'000;
    packet.frame = i + 1;
    packet.by_phone = true;
    packet.protocol = world::Protocol::tcp;
    packet.from = {kPhone, static_cast<Port>(20'000 + i)};
    packet.to = {kServer, static_cast<Port>(1 + i)};
    packet.flags.syn = true;
    traffic.packets.push_back(std::move(packet));
  }
  traffic.frames = count;
  return traffic;
}

TEST(Conversation, TellsSoManyConnectionsAndSaysSo) {
  const Conversation few = conversation_of({}, attempts(1000));
  EXPECT_EQ(few.connections.size(), 1000U);
  EXPECT_TRUE(few.remarks.empty());
  const Conversation many = conversation_of({}, attempts(10'000));
  EXPECT_EQ(many.connections.size(), 1000U);
  EXPECT_EQ(many.connections.back().server.port, 1000);
  EXPECT_THAT(many.remarks, ElementsAre("of 10000 TCP connections the first 1000 are told"));
}

}  // namespace
}  // namespace provlab::lab
