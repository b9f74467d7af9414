#include "sim/world/packet_rule.hpp"

#include <gmock/gmock.h>

#include "sim/record/trace.hpp"
#include "tests/unit/world/lan.hpp"

namespace provlab::world {
namespace {

using testing::ElementsAre;

/// Each datagram is `1`, `2`, …, sent in one instant over a link of 1 ms.
struct PacketRules : Lan {
  PacketRules() {
    world.network().link.latency = 1ms;
    collect(server, *listener);
  }
  void send(std::string_view texts) {
    for (const char& text : texts) {
      EXPECT_TRUE(socket->send({Ipv4Address::of(192, 0, 2, 1), 9}, bytes_of({&text, 1})));
    }
    world.run_until_idle();
  }
  void send_at(std::initializer_list<Duration> times) {
    for (const Duration time : times) {
      world.at(world.now() + time, [this] {
        EXPECT_TRUE(socket->send({Ipv4Address::of(192, 0, 2, 1), 9}, bytes_of("x")));
      });
    }
  }
  std::vector<std::string> texts() const {
    std::vector<std::string> all;
    for (const auto& [at, datagram] : received) all.emplace_back(text_of(datagram.payload));
    return all;
  }
  static bool says(const Packet& packet, std::string_view text) {
    return text_of(packet.payload) == text;
  }

  std::unique_ptr<UdpSocket> listener = open(server, {.port = 9});
  std::unique_ptr<UdpSocket> socket = open(phone, {});
};

TEST_F(PacketRules, RuleLosesWhatItNames) {
  const RuleGuard loss = world.network().add_rule(
      [](const Packet& packet, const Station&, const Station&) -> PacketFate {
        if (says(packet, "2")) return Lose{"eaten"};
        return Pass{};
      });
  send("123");
  EXPECT_THAT(texts(), ElementsAre("1", "3"));
  std::vector<std::string> reasons;
  for (const TraceRecord record : world.trace()) {
    if (record.is("packet_lost")) reasons.push_back(record.field("reason").value_or(""));
  }
  EXPECT_THAT(reasons, ElementsAre("eaten"));
}

TEST_F(PacketRules, RuleDelaysAPacketBehindLaterOnes) {
  const RuleGuard delay = world.network().add_rule(
      [](const Packet& packet, const Station&, const Station&) -> PacketFate {
        if (says(packet, "1")) return Deliver{.later = 5ms};
        return Pass{};
      });
  send("12");
  EXPECT_THAT(texts(), ElementsAre("2", "1"));
  EXPECT_EQ(received[1].first, Instant(6ms));
}

TEST_F(PacketRules, RankDecidesWithinAnInstant) {
  const RuleGuard precedence = world.network().add_rule(
      [](const Packet& packet, const Station&, const Station&) -> PacketFate {
        if (says(packet, "2")) return Deliver{.rank = static_cast<Rank>(-1)};
        return Pass{};
      });
  send("12");
  EXPECT_THAT(texts(), ElementsAre("2", "1"));
  EXPECT_EQ(received[0].first, received[1].first);
}

TEST_F(PacketRules, PacketsThatAreToBeApartWaitForEachOther) {
  const RuleGuard apart = world.network().add_rule(
      [n = 0](const Packet&, const Station& sender, const Station&) mutable -> PacketFate {
        EXPECT_EQ(sender.name(), "phone");
        return ++n == 2 ? PacketFate(Deliver{}) : PacketFate(Deliver{.apart = 5ms});
      });
  send_at({0ms, 1ms, 2ms, 3ms});
  world.run_until_idle();
  ASSERT_EQ(received.size(), 4U);
  EXPECT_EQ(received[1].first - received[0].first, 1ms) << "of which it was not said";
  EXPECT_EQ(received[2].first - received[0].first, 5ms);
  EXPECT_EQ(received[3].first - received[2].first, 5ms);
}

TEST_F(PacketRules, PacketsAreApartByTheClockAlsoWhereAllIsLate) {
  const RuleGuard apart = world.network().add_rule(
      [](const Packet&, const Station&, const Station&) { return Deliver{.apart = 1ms}; });
  send_at({0ms, 1ms});
  Instant clock = world.now() + 10ms;
  world.set_clock([&clock] { return clock; });
  const auto turn = [&](Duration later) {
    clock += later;
    world.run_due([](Duration) {});
    return received.size();
  };
  EXPECT_EQ(turn(0ms), 1U);
  EXPECT_EQ(turn(900us), 1U) << "both were due, but the first has only just gone";
  EXPECT_EQ(turn(100us), 2U);
}

TEST_F(PacketRules, PacketsThatAreToBeApartKeepTheirTurnWhereSomeWait) {
  const RuleGuard apart = world.network().add_rule(
      [](const Packet&, const Station&, const Station&) { return Deliver{.apart = 2ms}; });
  const Instant begun = world.now();
  Instant clock = begun;
  world.set_clock([&clock] { return clock; });
  const auto turn_at = [&](Duration moment) {
    clock = begun + moment;
    world.run_due([](Duration) {});
  };
  const auto say_at = [&](Duration moment, const char* text) {
    world.at(begun + moment, [this, text] {
      EXPECT_TRUE(socket->send({Ipv4Address::of(192, 0, 2, 1), 9}, bytes_of(text)));
    });
  };
  say_at(0ms, "1");
  say_at(20ms, "2");
  say_at(21200us, "3");
  turn_at(20ms);  // late: so the second has to wait until 22 ms
  turn_at(21ms);
  turn_at(23ms);  // the third was due before that, and is looked at only now
  turn_at(25ms);
  EXPECT_THAT(texts(), ElementsAre("1", "2", "3"));
}

TEST_F(PacketRules, FirstRuleThatDoesNotPassDecides) {
  world.network().link.loss = 1;
  const auto rule = [this](PacketFate fate) {
    return world.network().add_rule(
        [fate](const Packet&, const Station&, const Station&) { return fate; });
  };
  const RuleGuard first = rule(Pass{});
  const RuleGuard second = rule(Deliver{});
  const RuleGuard third = rule(Lose{});
  send("1");
  EXPECT_THAT(texts(), ElementsAre("1")) << "and the link's loss is not asked";
}

TEST_F(PacketRules, RuleEndsWithItsGuard) {
  RuleGuard loss = world.network().add_rule(
      [](const Packet&, const Station&, const Station&) { return Lose{}; });
  send("1");
  loss = {};
  send("2");
  EXPECT_THAT(texts(), ElementsAre("2"));
}

TEST_F(PacketRules, GuardMayOutliveTheNetwork) {
  const auto alive = std::make_shared<int>(0);
  RuleGuard guard;
  {
    World other;
    guard = other.network().add_rule(
        [alive](const Packet&, const Station&, const Station&) -> PacketFate { return Pass{}; });
  }
  EXPECT_EQ(alive.use_count(), 2);
  guard = {};
  EXPECT_EQ(alive.use_count(), 1);
}

}  // namespace
}  // namespace provlab::world
