#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/dhcp_client.hpp"
#include "tests/component/dhcp_script.hpp"

/// A cable that goes and comes back (SPEC 2.6).
namespace provlab::net {
namespace {

using namespace std::chrono_literals;
using test::DhcpLan;
using test::kDhcpServer;
using test::kOffered;
using test::kToEverybody;
using test::ScriptedDhcpServer;
using test::SeenMessage;
using testing::ElementsAre;

constexpr Instant kOut{20s};
constexpr Instant kBack{25s};

class DhcpCable : public testing::Test {
 protected:
  void cable_goes_and_comes() {
    lan.world.at(kOut, [this] { lan.device.set_link(false); });
    lan.world.at(kBack, [this] { lan.device.set_link(true); });
  }
  /// What the server saw after the cable was back.
  std::vector<SeenMessage> seen_since() const {
    std::vector<SeenMessage> found;
    for (const SeenMessage& seen : lan.server.seen) {
      if (seen.sent_at >= kBack) found.push_back(seen);
    }
    return found;
  }

  DhcpLan lan;
};

TEST_F(DhcpCable, LeaseIsAskedForAsRfc2131Says) {
  cable_goes_and_comes();
  lan.start();
  lan.world.run_until(kOut + 1s);
  EXPECT_TRUE(lan.client.unconfirmed());
  lan.world.run_until(kBack + 1s);
  EXPECT_FALSE(lan.client.unconfirmed());
  const auto seen = seen_since();
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].sent_at, kBack);
  EXPECT_EQ(seen[0].from, (Endpoint{Ipv4Address::any(), 68}));
  EXPECT_EQ(seen[0].to, kToEverybody);
  EXPECT_EQ(seen[0].message.type, DhcpType::request);
  EXPECT_EQ(seen[0].message.ciaddr, Ipv4Address::any());
  EXPECT_EQ(seen[0].message.address(50), kOffered);
  EXPECT_EQ(seen[0].message.address(54), std::nullopt);
  EXPECT_EQ(lan.client.lease()->begins_at, kBack);
  EXPECT_EQ(lan.device.open_sockets(), 0U);
  EXPECT_EQ(lan.count("address_configured"), 1U);
}

TEST_F(DhcpCable, NobodyAnswersFourTimesThenDiscover) {
  lan.server.script = [](ScriptedDhcpServer& server, const SeenMessage& seen) {
    if (seen.sent_at < kBack) server.behave(seen);
  };
  cable_goes_and_comes();
  lan.start();
  lan.world.run_until(kBack + 3s);
  EXPECT_TRUE(lan.client.unconfirmed());
  lan.world.run_until(kBack + 5s);
  EXPECT_FALSE(lan.client.unconfirmed()) << "one try is given up";
  lan.world.run_until(kBack + 80s);
  EXPECT_THAT(lan.values("dhcp_sent", "state"),
              ElementsAre("selecting", "requesting", "rebooting", "rebooting", "rebooting",
                          "rebooting", "selecting", "selecting", "selecting"));
  EXPECT_TRUE(lan.client.lease());
  EXPECT_EQ(lan.device.configuration()->address.address, kOffered);
  lan.world.run_until(Instant(601s));
  EXPECT_THAT(lan.times("lease_lost"), ElementsAre(Instant(600s + 2ms)));
  EXPECT_FALSE(lan.device.configuration());
}

TEST_F(DhcpCable, NakTakesTheAddressAndDiscoversAtOnce) {
  lan.server.script = [](ScriptedDhcpServer& server, const SeenMessage& seen) {
    const bool reboots =
        seen.message.type == DhcpType::request && !seen.message.address(54).has_value();
    if (!reboots) return server.behave(seen);
    server.send(server.reply(seen.message, DhcpType::nak));
  };
  cable_goes_and_comes();
  lan.start();
  lan.world.run_until(kBack + 1s);
  EXPECT_THAT(lan.times("lease_lost"), ElementsAre(kBack + 2ms));
  const auto seen = seen_since();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[1].message.type, DhcpType::discover);
  EXPECT_EQ(seen[1].sent_at, kBack + 2ms);
  EXPECT_TRUE(lan.client.lease());
}

TEST_F(DhcpCable, EachReturnAsksAnew) {
  lan.start();
  for (int i = 1; i <= 5; ++i) {
    lan.world.at(Instant(i * 10s), [this] { lan.device.set_link(false); });
    lan.world.at(Instant(i * 10s), [this] { lan.device.set_link(true); });
  }
  lan.world.run_until(Instant(60s));
  EXPECT_EQ(lan.server.seen.size(), 7U);
  EXPECT_EQ(lan.device.open_sockets(), 0U);
  EXPECT_EQ(lan.count("lease_renewed"), 5U);
}

TEST_F(DhcpCable, CancelledAtAnyMomentItHoldsNothing) {
  for (const Duration when : {Duration(0ms), Duration(1ms), Duration(2ms), Duration(4500ms)}) {
    DhcpLan other;
    other.server.script = [](ScriptedDhcpServer& server, const SeenMessage& seen) {
      if (seen.sent_at < kBack) server.behave(seen);
    };
    other.world.at(kOut, [&] { other.device.set_link(false); });
    other.world.at(kBack, [&] { other.device.set_link(true); });
    other.start();
    other.world.run_until(kBack + when);
    other.tasks.cancel();
    other.world.run_until(other.world.now());
    EXPECT_EQ(other.device.open_sockets(), 0U) << provlab::to_string(when);
    EXPECT_TRUE(other.tasks.empty()) << provlab::to_string(when);
  }
}

TEST_F(DhcpCable, CancelledInTheInstantOfTheReturnItEnds) {
  lan.start();
  lan.world.at(kOut, [this] { lan.device.set_link(false); });
  lan.world.at(kBack, [this] {
    lan.device.set_link(true);
    lan.tasks.cancel();
  });
  lan.world.run_until(kBack + 1h);
  EXPECT_TRUE(lan.tasks.empty());
  EXPECT_TRUE(seen_since().empty());
  EXPECT_EQ(lan.device.open_sockets(), 0U);
}

TEST_F(DhcpCable, InformStartsItsTriesAnew) {
  lan.device.configure({{kOffered, 24}, kDhcpServer});
  lan.server.script = nullptr;
  struct Inform {
    static Task<> run(DhcpClient& client) { (void)co_await client.inform(); }
  };
  lan.world.at(Instant(6s), [this] { lan.device.set_link(false); });
  lan.world.at(Instant(7s), [this] { lan.device.set_link(true); });
  lan.tasks.spawn(Inform::run(lan.client));
  lan.world.run_until(Instant(1min));
  EXPECT_THAT(lan.times("dhcp_sent"),
              ElementsAre(Instant(0s), Instant(4s), Instant(7s), Instant(11s), Instant(15s)));
  EXPECT_TRUE(lan.tasks.empty());
}

}  // namespace
}  // namespace provlab::net
