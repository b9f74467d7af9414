#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/dhcp_client.hpp"
#include "tests/component/dhcp_script.hpp"

/// Keeping and losing a lease, and DHCPINFORM (SPEC 2.6, 3.6).
namespace provlab::net {
namespace {

using namespace std::chrono_literals;
using test::DhcpLan;
using test::kDhcpServer;
using test::kOffered;
using test::kOtherDhcpServer;
using test::kToEverybody;
using test::ScriptedDhcpServer;
using test::SeenMessage;
using testing::ElementsAre;
using testing::HasSubstr;

/// When the REQUEST of the first lease is sent: T1, T2 and expiry count from here.
constexpr Instant kBegin{2ms};
constexpr Endpoint kToServer{kDhcpServer, 67};
constexpr Endpoint kFromDevice{kOffered, 68};

/// Answers well until there is a lease, and its extension by `on_extension`.
ScriptedDhcpServer::Script then(ScriptedDhcpServer::Script on_extension) {
  return [on_extension](ScriptedDhcpServer& server, const SeenMessage& seen) {
    if (seen.message.ciaddr.is_any()) return server.behave(seen);
    if (on_extension) on_extension(server, seen);
  };
}

/// The requests to extend a lease that a server saw.
std::vector<SeenMessage> extensions(const ScriptedDhcpServer& server) {
  std::vector<SeenMessage> found;
  for (const SeenMessage& seen : server.of(DhcpType::request)) {
    if (!seen.message.ciaddr.is_any()) found.push_back(seen);
  }
  return found;
}

TEST(DhcpRenewal, IsAskedOfTheServerAtT1) {
  DhcpLan lan;
  lan.start();
  lan.run_for(310s);
  const auto requests = extensions(lan.server);
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].sent_at, kBegin + 300s);
  EXPECT_EQ(requests[0].from, kFromDevice);
  EXPECT_EQ(requests[0].to, kToServer);
  const DhcpMessage& message = requests[0].message;
  EXPECT_EQ(message.ciaddr, kOffered);
  EXPECT_FALSE(message.broadcast);
  EXPECT_EQ(message.secs, 0);
  EXPECT_THAT(message.codes(), ElementsAre(61, 60, 57, 55)) << "neither 50 nor 54 (RFC 2131 4.3.2)";
  EXPECT_NE(message.xid, lan.server.seen.front().message.xid);
  EXPECT_THAT(lan.values("lease_renewed", "changed"), ElementsAre("false"));
  EXPECT_EQ(lan.device.open_sockets(), 0U);
}

TEST(DhcpRenewal, RepeatsForEver) {
  DhcpLan lan;
  lan.start();
  lan.run_for(3001s);
  const auto requests = extensions(lan.server);
  ASSERT_EQ(requests.size(), 10U);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    EXPECT_EQ(requests[i].sent_at, kBegin + 300s * static_cast<int>(i + 1));
  }
  EXPECT_EQ(lan.count("lease_lost"), 0U);
  EXPECT_EQ(lan.count("address_configured"), 1U);
}

TEST(DhcpRenewal, ObeysT1AndT2OfTheServer) {
  DhcpLan lan;
  lan.server.script = [](ScriptedDhcpServer& server, const SeenMessage& seen) {
    if (!seen.message.ciaddr.is_any()) return;
    const bool asks = seen.message.type == DhcpType::discover;
    DhcpMessage reply = server.reply(seen.message, asks ? DhcpType::offer : DhcpType::ack);
    reply.set_number(dhcp_option::kRenewalTime, 100, 4);
    reply.set_number(dhcp_option::kRebindingTime, 150, 4);
    server.send(reply);
  };
  lan.start();
  lan.run_for(160s);
  const auto requests = extensions(lan.server);
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(requests[0].sent_at, kBegin + 100s);
  EXPECT_EQ(requests[0].to, kToServer);
  EXPECT_EQ(requests[1].sent_at, kBegin + 150s);
  EXPECT_EQ(requests[1].to, kToEverybody);
}

TEST(DhcpRenewal, IsRetriedAtHalfTheRemainingTimeUntilTheLeaseRunsOut) {
  DhcpLan lan;
  lan.server.lease_seconds = 3600;
  lan.server.script = then(nullptr);
  lan.start();
  lan.world.run_until(kBegin + 3600s);
  std::vector<Duration> unicast, broadcast;
  for (const SeenMessage& seen : extensions(lan.server)) {
    (seen.to == kToServer ? unicast : broadcast).push_back(seen.sent_at - kBegin);
    EXPECT_EQ(seen.from, kFromDevice);
  }
  EXPECT_THAT(unicast, ElementsAre(1800s, 2475s, 2812500ms, 2981250ms, 3065625ms, 3125625ms));
  EXPECT_THAT(broadcast, ElementsAre(3150s, 3375s, 3487500ms, 3547500ms));
  EXPECT_THAT(lan.times("lease_lost"), ElementsAre(kBegin + 3600s));
  EXPECT_THAT(lan.values("lease_lost", "reason"), ElementsAre("it ran out: no server renewed it"));
  EXPECT_FALSE(lan.client.lease());
  EXPECT_FALSE(lan.device.configuration());
}

TEST(DhcpRenewal, ExpiryStartsFromDiscoverAtOnce) {
  DhcpLan lan;
  lan.server.script = then(nullptr);
  lan.start();
  lan.run_for(601s);
  const auto discovers = lan.server.of(DhcpType::discover);
  ASSERT_EQ(discovers.size(), 2U);
  EXPECT_EQ(discovers[1].sent_at, kBegin + 600s);
  EXPECT_EQ(discovers[1].from, (Endpoint{Ipv4Address::any(), 68}));
  EXPECT_EQ(lan.server.of(DhcpType::request).back().message.address(50), kOffered);
  EXPECT_TRUE(lan.client.lease());
}

TEST(DhcpRenewal, RebindsWithAnyServer) {
  DhcpLan lan;
  lan.server.script = then(nullptr);
  lan.other.script = [](ScriptedDhcpServer& server, const SeenMessage& seen) {
    if (!seen.message.ciaddr.is_any()) server.behave(seen);
  };
  lan.start();
  lan.run_for(526s);
  ASSERT_TRUE(lan.client.lease());
  EXPECT_EQ(lan.client.lease()->server, kOtherDhcpServer);
  EXPECT_THAT(lan.times("lease_renewed"), ElementsAre(kBegin + 525s + 2ms));
  lan.run_for(300s);
  EXPECT_EQ(extensions(lan.other).back().to, (Endpoint{kOtherDhcpServer, 67}));
}

TEST(DhcpRenewal, NewOptionsAreTakenAndNotified) {
  DhcpLan lan;
  lan.server.script = then([](ScriptedDhcpServer& server, const SeenMessage& seen) {
    DhcpMessage ack = server.reply(seen.message, DhcpType::ack);
    ack.set_text(66, "http://new.example");
    ack.set_number(dhcp_option::kLeaseTime, 1200, 4);
    server.send(ack);
  });
  lan.start();
  lan.run_for(299s);
  std::vector<Instant> notified;
  struct Waiter {
    static Task<> run(DhcpClient& client, Host& host, std::vector<Instant>& at) {
      for (;;) {
        const bool came = co_await client.changed().wait_until(kNever);
        if (came) at.push_back(host.now());
      }
    }
  };
  lan.tasks.spawn(Waiter::run(lan.client, lan.device, notified));
  lan.run_for(2000s);
  EXPECT_THAT(lan.values("lease_renewed", "changed"),
              ElementsAre("true", "false", "false", "false"));
  EXPECT_THAT(notified, ElementsAre(kBegin + 300s + 2ms)) << "later renewals change nothing";
  EXPECT_EQ(lan.client.lease()->ack.text(66), "http://new.example");
}

TEST(DhcpRenewal, NewAddressIsConfigured) {
  DhcpLan lan;
  lan.server.script = then([](ScriptedDhcpServer& server, const SeenMessage& seen) {
    DhcpMessage ack = server.reply(seen.message, DhcpType::ack);
    ack.yiaddr = Ipv4Address::of(192, 0, 2, 101);
    server.send(ack);
  });
  lan.start();
  lan.run_for(310s);
  EXPECT_EQ(lan.device.configuration()->address.address, Ipv4Address::of(192, 0, 2, 101));
  EXPECT_THAT(lan.values("lease_renewed", "changed"), ElementsAre("true"));
}

TEST(DhcpRenewal, NakDropsTheAddressAndStartsOver) {
  DhcpLan lan;
  lan.server.script = then([](ScriptedDhcpServer& server, const SeenMessage& seen) {
    DhcpMessage nak = server.reply(seen.message, DhcpType::nak);
    nak.set_text(dhcp_option::kMessage, "lease withdrawn");
    server.send(nak);
  });
  lan.start();
  lan.run_for(301s);
  EXPECT_THAT(lan.values("lease_lost", "reason"), ElementsAre("NAK: lease withdrawn"));
  EXPECT_EQ(lan.count("address_removed"), 1U);
  EXPECT_EQ(lan.server.of(DhcpType::discover).back().sent_at, kBegin + 300s + 2ms);
  EXPECT_EQ(lan.count("lease_bound"), 2U);
}

TEST(DhcpRenewal, WrongAnswersAreIgnoredWithTheirReason) {
  DhcpLan lan;
  lan.server.script = then([](ScriptedDhcpServer& server, const SeenMessage& seen) {
    DhcpMessage reply = server.reply(seen.message, DhcpType::ack);
    reply.xid ^= 1;
    server.send(reply);
    reply = server.reply(seen.message, DhcpType::offer);
    server.send(reply);
    reply = server.reply(seen.message, DhcpType::nak);
    reply.set_address(dhcp_option::kServerIdentifier, kOtherDhcpServer);
    server.send(reply);
    reply = server.reply(seen.message, DhcpType::ack);
    reply.yiaddr = {};
    server.send(reply);
    server.send_raw(kOffered, Bytes(10));
    server.behave(seen);
  });
  lan.start();
  lan.run_for(301s);
  EXPECT_THAT(lan.values("dhcp_ignored", "reason"),
              ElementsAre(HasSubstr("is not ours"), HasSubstr("only an ACK or a NAK"),
                          "it is not from the server of the lease, 192.0.2.1",
                          "the address offered, 0.0.0.0/24, is no host's address",
                          HasSubstr("malformed: octet 10")));
  EXPECT_EQ(lan.count("lease_renewed"), 1U);
}

TEST(DhcpRenewal, InfiniteLeaseIsNeverExtended) {
  DhcpLan lan;
  lan.server.lease_seconds = 0xffffffff;
  lan.start();
  lan.run_for(std::chrono::years(20));
  EXPECT_EQ(lan.count("dhcp_sent"), 2U);
  EXPECT_TRUE(lan.client.lease()->infinite());
  EXPECT_THAT(lan.values("lease_bound", "lease_time"), ElementsAre("infinite"));
}

TEST(DhcpRenewal, ShortestLeaseIsKept) {
  DhcpLan lan;
  lan.server.lease_seconds = 1;
  lan.start();
  lan.run_for(10s);
  EXPECT_EQ(lan.count("lease_lost"), 0U);
  EXPECT_EQ(lan.count("lease_renewed"), 19U);
}

TEST(DhcpRenewal, CancelledItSendsNothingMoreAndHoldsNothing) {
  for (const Duration when : {301s, 530s}) {
    DhcpLan lan;
    lan.server.script = then(nullptr);
    lan.start();
    lan.run_for(when);
    EXPECT_EQ(lan.device.open_sockets(), 1U);
    lan.tasks.cancel();
    lan.world.run_until(lan.world.now());
    EXPECT_EQ(lan.device.open_sockets(), 0U);
    const unsigned sent = lan.count("dhcp_sent");
    lan.run_for(1h);
    EXPECT_EQ(lan.count("dhcp_sent"), sent);
  }
}

/// What came of a DHCPINFORM.
struct Inform {
  std::optional<Expected<DhcpReply>> result;
  Instant ended_at;

  static Task<> run(DhcpClient& client, Host& host, Inform& inform) {
    Expected<DhcpReply> result = co_await client.inform();
    inform.result.emplace(std::move(result));
    inform.ended_at = host.now();
  }
};

class DhcpInform : public testing::Test {
 protected:
  void configure() { lan.device.configure({{kOffered, 24}, kDhcpServer}); }
  void ask() { lan.tasks.spawn(Inform::run(lan.client, lan.device, inform)); }

  DhcpLan lan;
  Inform inform;
};

TEST_F(DhcpInform, BringsTheOptionsToAStaticAddress) {
  configure();
  lan.server.script = [](ScriptedDhcpServer& server, const SeenMessage& seen) {
    DhcpMessage ack = server.reply(seen.message, DhcpType::ack);
    ack.set_text(66, "http://prov.server.com");
    server.send(ack);
  };
  ask();
  lan.run_for(1s);
  ASSERT_TRUE(inform.result && *inform.result);
  EXPECT_EQ((*inform.result)->message.text(66), "http://prov.server.com");
  EXPECT_EQ(inform.ended_at, Instant{2ms});
  ASSERT_EQ(lan.server.seen.size(), 1U);
  const SeenMessage& seen = lan.server.seen.front();
  EXPECT_EQ(seen.message.type, DhcpType::inform);
  EXPECT_EQ(seen.from, kFromDevice);
  EXPECT_EQ(seen.to, kToEverybody);
  EXPECT_EQ(seen.message.ciaddr, kOffered);
  EXPECT_THAT(seen.message.codes(), ElementsAre(61, 60, 57, 55));
  EXPECT_EQ(lan.device.open_sockets(), 0U);
}

TEST_F(DhcpInform, IsTriedThreeTimesForFourSecondsEach) {
  configure();
  lan.server.script = nullptr;
  ask();
  lan.run_for(60s);
  std::vector<Instant> sent;
  for (const SeenMessage& seen : lan.server.seen) sent.push_back(seen.sent_at);
  EXPECT_THAT(sent, ElementsAre(Instant{0s}, Instant{4s}, Instant{8s}));
  EXPECT_EQ(inform.ended_at, Instant{12s});
  ASSERT_FALSE(*inform.result);
  EXPECT_EQ(inform.result->error().text, "no DHCP server answered 3 DHCPINFORM within 4s each");
  EXPECT_EQ(lan.device.open_sockets(), 0U);
}

TEST_F(DhcpInform, IsRefusedWithoutAnAddress) {
  ask();
  lan.run_for(1s);
  ASSERT_TRUE(inform.result);
  EXPECT_FALSE(*inform.result);
  EXPECT_EQ(lan.count("dhcp_sent"), 0U);
}

TEST_F(DhcpInform, TakesAcksOnly) {
  configure();
  lan.server.script = [](ScriptedDhcpServer& server, const SeenMessage& seen) {
    server.send(server.reply(seen.message, DhcpType::nak));
    server.behave(seen);
  };
  ask();
  lan.run_for(1s);
  EXPECT_TRUE(inform.result && *inform.result);
  EXPECT_THAT(lan.values("dhcp_ignored", "reason"),
              ElementsAre("only an ACK is awaited after an INFORM"));
}

TEST_F(DhcpInform, SharesThePortWithARenewal) {
  lan.server.script = then([](ScriptedDhcpServer& server, const SeenMessage& seen) {
    // Each is answered at its second asking.
    if (server.of(seen.message.type).size() > 2) server.behave(seen);
    if (seen.message.type == DhcpType::inform && server.of(DhcpType::inform).size() == 2) {
      server.behave(seen);
    }
  });
  lan.start();
  lan.run_for(299s);
  ask();
  lan.run_for(2s);
  EXPECT_EQ(lan.device.open_sockets(), 1U);
  lan.run_for(120s);
  EXPECT_TRUE(inform.result && *inform.result);
  EXPECT_EQ(lan.count("lease_renewed"), 1U);
  EXPECT_EQ(lan.count("dhcp_ignored"), 0U);
  EXPECT_EQ(lan.device.open_sockets(), 0U);
}

TEST_F(DhcpInform, CancelledItSendsNothingMore) {
  configure();
  lan.server.script = nullptr;
  ask();
  lan.run_for(1s);
  lan.tasks.cancel();
  lan.run_for(60s);
  EXPECT_EQ(lan.count("dhcp_sent"), 1U);
  EXPECT_FALSE(inform.result);
  EXPECT_EQ(lan.device.open_sockets(), 0U);
}

}  // namespace
}  // namespace provlab::net
