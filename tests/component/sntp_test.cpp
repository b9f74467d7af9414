#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/sntp_client.hpp"
#include "sim/text/parse.hpp"
#include "tests/component/net_fixture.hpp"
#include "tests/ntp_octets.hpp"

namespace provlab::net {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A server's reply, right but for what a test changes.
struct SntpReply {
  WallTime clock = parse_wall_time("2026-03-01T08:00:00Z").value();  ///< at Instant 0
  unsigned leap = 0, mode = 4, stratum = 2;
  std::string_view reference = "LOCL";
  Duration processing{};  ///< what the server says it took
  bool no_transmit = false;
  NtpTimestamp origin_change = 0;

  Bytes to(BytesView request, Instant now) const {
    SntpPacket packet;
    packet.leap = static_cast<std::uint8_t>(leap);
    packet.mode = static_cast<std::uint8_t>(mode);
    packet.stratum = static_cast<std::uint8_t>(stratum);
    std::copy_n(reference.begin(), 4, packet.reference_id.begin());
    packet.origin = SntpPacket::parse(request)->transmit ^ origin_change;
    const WallTime time = clock + now.time_since_epoch();
    packet.receive = test::to_ntp_timestamp(time - processing);
    packet.transmit = no_transmit ? 0 : test::to_ntp_timestamp(time);
    return test::octets_of(packet);
  }
};

class SntpTest : public ::testing::Test {
 protected:
  SntpTest() {
    client.set_servers({test::kFirstServer}, "");
    tasks.spawn(client.run());
  }
  ~SntpTest() override {
    tasks.cancel();
    lan.world.run_until(lan.world.now());
  }

  test::UdpScript::Answer always(SntpReply reply) {
    return [this, reply](UdpSocket& socket, const Datagram& request, unsigned) {
      (void)socket.send(request.from, reply.to(request.payload, lan.world.now()));
    };
  }
  test::UdpScript::Answer silent() {
    return [](UdpSocket&, const Datagram&, unsigned) {};
  }
  /// What a DNS server says to any question: the addresses 192.0.2.1 to 192.0.2.`last`.
  test::UdpScript::Answer name_of_servers(int last) {
    return [last](UdpSocket& socket, const Datagram& query, unsigned) {
      Bytes out = query.payload;
      out[2] = 0x81;
      out[3] = 0x80;
      out[7] = static_cast<std::uint8_t>(last);
      for (int host = 1; host <= last; ++host) {
        for (const int octet : {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, host}) {
          out.push_back(static_cast<std::uint8_t>(octet));
        }
      }
      (void)socket.send(query.from, out);
    };
  }
  test::UdpScript::Answer name_of_the_first_server() { return name_of_servers(1); }
  test::UdpScript::Answer name_of_both_servers() { return name_of_servers(2); }
  /// How far the phone's clock is from `reply`'s.
  Duration error(const SntpReply& reply) {
    return clock.now() - (reply.clock + lan.world.now().time_since_epoch());
  }
  std::vector<std::string> reasons() { return lan.values("ntp_reply_ignored", "reason"); }

  test::Lan lan;
  DeviceClock clock{lan.phone};
  Resolver resolver{lan.phone};
  SntpClient client{lan.phone, clock, resolver};
  TaskGroup tasks{lan.phone};
};

TEST_F(SntpTest, SetsTheClockFromTheFirstReply) {
  const test::UdpScript server(lan.first, 123, always({}));
  lan.world.run_until(Instant(1ms));
  EXPECT_FALSE(clock.valid());
  lan.world.run_until(Instant(2ms));
  ASSERT_TRUE(clock.valid());
  EXPECT_LE(std::chrono::abs(error({})), 1ns);
  EXPECT_THAT(lan.values("clock_set", "server"), ElementsAre("192.0.2.1"));
  EXPECT_THAT(lan.values("clock_set", "round_trip"), ElementsAre("2ms"));
}

TEST_F(SntpTest, TakesHalfOfTheRoundTripWithoutTheServersOwnTime) {
  SntpReply reply;
  reply.processing = 300ms;
  const test::UdpScript server(
      lan.first, 123, [&](UdpSocket& socket, const Datagram& request, unsigned) {
        lan.world.at(lan.world.now() + 300ms, [&socket, &reply, request, this] {
          (void)socket.send(request.from, reply.to(request.payload, lan.world.now()));
        });
      });
  lan.world.run_until(Instant(1s));
  ASSERT_TRUE(clock.valid());
  EXPECT_LE(std::chrono::abs(error(reply)), 2ns);
}

TEST_F(SntpTest, ClockRunsOnBetweenReplies) {
  const test::UdpScript server(lan.first, 123, always({}));
  lan.world.run_until(Instant(10min));
  EXPECT_LE(std::chrono::abs(error({})), 1ns);
}

TEST_F(SntpTest, AsksASilentServerInABurstThenEveryMinute) {
  const test::UdpScript server(lan.first, 123, silent());
  lan.world.run_until(Instant(256s));
  EXPECT_THAT(lan.times("ntp_request_sent"),
              ElementsAre(Instant(0s), Instant(1s), Instant(3s), Instant(7s), Instant(15s),
                          Instant(31s), Instant(63s), Instant(127s), Instant(191s), Instant(255s)));
}

TEST_F(SntpTest, PollsOnceSynchronised) {
  const test::UdpScript server(lan.first, 123, always({}));
  lan.world.run_until(Instant(2100s));
  EXPECT_THAT(lan.times("ntp_request_sent"),
              ElementsAre(Instant(0s), Instant(1024s + 2ms), Instant(2048s + 4ms)));
}

TEST_F(SntpTest, HoldsNoSocketBetweenPolls) {
  const test::UdpScript server(lan.first, 123, always({}));
  lan.world.run_until(Instant(1min));
  EXPECT_EQ(lan.phone.open_sockets(), 0U);
}

TEST_F(SntpTest, AsksServersInTurn) {
  client.set_servers({test::kFirstServer, test::kSecondServer}, "ignored.example");
  const test::UdpScript first(lan.first, 123, silent());
  const test::UdpScript second(lan.second, 123, always({}));
  lan.world.run_until(Instant(1s + 2ms));
  EXPECT_TRUE(clock.valid());
  EXPECT_THAT(lan.values("ntp_request_sent", "server"), ElementsAre("192.0.2.1", "192.0.2.2"));
  lan.world.run_until(Instant(1030s));
  EXPECT_THAT(lan.values("ntp_request_sent", "server"),
              ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.2"))
      << "the one that answered is polled";
}

TEST_F(SntpTest, WithoutServersWaitsForSome) {
  client.set_servers({}, "");
  const test::UdpScript server(lan.first, 123, always({}));
  lan.world.run_until(Instant(100s));
  EXPECT_THAT(lan.times("ntp_request_sent"), IsEmpty());
  client.set_servers({}, "192.0.2.1");
  lan.world.run_until(Instant(100s + 2ms));
  EXPECT_TRUE(clock.valid());
}

TEST_F(SntpTest, ResolvesAServerGivenByName) {
  client.set_servers({}, "ntp.example");
  const test::UdpScript server(lan.first, 123, always({}));
  const test::UdpScript names(lan.second, 53, name_of_the_first_server());
  lan.world.run_until(Instant(500ms));
  EXPECT_THAT(lan.values("ntp_request_failed", "reason"),
              ElementsAre(HasSubstr("no DNS server is known")));
  resolver.set_servers({test::kSecondServer});
  lan.world.run_until(Instant(1s + 4ms));
  EXPECT_TRUE(clock.valid());
}

TEST_F(SntpTest, ANewListOfServersStartsAnew) {
  const test::UdpScript first(lan.first, 123, silent());
  const test::UdpScript second(lan.second, 123, always({}));
  lan.world.run_until(Instant(50s));
  client.set_servers({test::kSecondServer}, "");
  lan.world.run_until(Instant(50s + 2ms));
  EXPECT_TRUE(clock.valid());
}

TEST_F(SntpTest, TheSameListOfServersChangesNothing) {
  const test::UdpScript first(lan.first, 123, silent());
  lan.world.run_until(Instant(50s));
  client.set_servers({test::kFirstServer}, "");
  lan.world.run_until(Instant(62s));
  EXPECT_EQ(lan.times("ntp_request_sent").size(), 6U);
}

struct Refused {
  const char* name;
  SntpReply reply;
  const char* because;
  friend void PrintTo(const Refused& refused, std::ostream* out) { *out << refused.name; }
};

class SntpRefusal : public SntpTest, public ::testing::WithParamInterface<Refused> {};

TEST_P(SntpRefusal, IsTracedAndLeavesTheClockInvalid) {
  const test::UdpScript server(lan.first, 123, always(GetParam().reply));
  lan.world.run_until(Instant(500ms));
  EXPECT_FALSE(clock.valid());
  EXPECT_THAT(reasons(), ElementsAre(HasSubstr(GetParam().because)));
  lan.world.run_until(Instant(2s));
  EXPECT_THAT(lan.times("ntp_request_sent"), ElementsAre(Instant(0s), Instant(1s)));
}

INSTANTIATE_TEST_SUITE_P(
    Replies, SntpRefusal,
    ::testing::Values(Refused{"origin", {.origin_change = 2}, "origin timestamp"},
                      Refused{"mode", {.mode = 5}, "mode is 5"},
                      Refused{"client_mode", {.mode = 3}, "mode is 3"},
                      Refused{"stratum", {.stratum = 16}, "stratum is 16"},
                      Refused{"leap", {.leap = 3}, "leap indicator"},
                      Refused{"transmit", {.no_transmit = true}, "transmit timestamp is zero"}),
    [](const auto& refused) { return std::string(refused.param.name); });

TEST_F(SntpTest, IgnoresRepliesFromElsewhereAndMalformedOnes) {
  const test::UdpScript server(
      lan.first, 123, [this](UdpSocket& socket, const Datagram& request, unsigned) {
        const Bytes good = SntpReply{}.to(request.payload, lan.world.now());
        (void)lan.second.open_udp({.port = 123}).value()->send(request.from, good);
        (void)lan.first.open_udp({}).value()->send(request.from, good);
        (void)socket.send(request.from, BytesView(good).first(47));
      });
  lan.world.run_until(Instant(500ms));
  EXPECT_FALSE(clock.valid());
  EXPECT_THAT(reasons(), ElementsAre(HasSubstr("does not come from"),
                                     HasSubstr("does not come from"), HasSubstr("48 octets")));
}

TEST_F(SntpTest, TakesAGoodReplyAfterABadOneToTheSameRequest) {
  const test::UdpScript server(
      lan.first, 123, [this](UdpSocket& socket, const Datagram& request, unsigned) {
        const Instant now = lan.world.now();
        (void)socket.send(request.from, SntpReply{.origin_change = 4}.to(request.payload, now));
        (void)socket.send(request.from, SntpReply{}.to(request.payload, now));
      });
  lan.world.run_until(Instant(2ms));
  EXPECT_TRUE(clock.valid());
}

TEST_F(SntpTest, AsksNoMoreAfterDeny) {
  const test::UdpScript server(lan.first, 123, always({.stratum = 0, .reference = "DENY"}));
  lan.world.run_until(Instant(10min));
  EXPECT_THAT(lan.times("ntp_request_sent"), ElementsAre(Instant(0s)));
  EXPECT_THAT(lan.values("ntp_kiss_of_death", "code"), ElementsAre("DENY"));
  client.set_servers({test::kSecondServer}, "");
  lan.world.run_until(Instant(11min));
  EXPECT_GT(lan.times("ntp_request_sent").size(), 1U) << "another list, another try";
}

TEST_F(SntpTest, AsksTheOthersAfterRestrict) {
  client.set_servers({test::kFirstServer, test::kSecondServer}, "");
  const test::UdpScript first(lan.first, 123, always({.stratum = 0, .reference = "RSTR"}));
  const test::UdpScript second(lan.second, 123, silent());
  lan.world.run_until(Instant(10s));
  EXPECT_EQ(first.received(), 1U);
  EXPECT_THAT(lan.times("ntp_request_sent"),
              ElementsAre(Instant(0s), Instant(1s), Instant(3s), Instant(7s)));
}

TEST_F(SntpTest, DoublesItsIntervalsAfterRate) {
  const test::UdpScript server(
      lan.first, 123, [this](UdpSocket& socket, const Datagram& request, unsigned nth) {
        const SntpReply reply =
            nth == 1 ? SntpReply{.stratum = 0, .reference = "RATE"} : SntpReply{};
        (void)socket.send(request.from, reply.to(request.payload, lan.world.now()));
      });
  lan.world.run_until(Instant(3000s));
  EXPECT_THAT(lan.times("ntp_request_sent"),
              ElementsAre(Instant(0s), Instant(2s), Instant(2050s + 2ms)));
}

TEST_F(SntpTest, RemembersInAnotherListWhoDenied) {
  const test::UdpScript first(lan.first, 123, always({.stratum = 0, .reference = "DENY"}));
  const test::UdpScript second(lan.second, 123, silent());
  lan.world.run_until(Instant(5s));
  client.set_servers({test::kFirstServer, test::kSecondServer}, "");
  lan.world.run_until(Instant(1min));
  EXPECT_EQ(first.received(), 1U);
  EXPECT_GT(second.received(), 1U);
  client.set_servers({}, "192.0.2.1");
  lan.world.run_until(Instant(2min));
  EXPECT_EQ(first.received(), 1U);
}

TEST_F(SntpTest, AsksAnAddressThatIsListedTwiceNoMoreAfterDeny) {
  client.set_servers({test::kFirstServer, test::kFirstServer}, "");
  const test::UdpScript server(lan.first, 123, always({.stratum = 0, .reference = "DENY"}));
  lan.world.run_until(Instant(1min));
  EXPECT_EQ(server.received(), 1U);
}

TEST_F(SntpTest, DoesNotAskByNameWhoDenied) {
  const test::UdpScript server(lan.first, 123, always({.stratum = 0, .reference = "DENY"}));
  const test::UdpScript names(lan.second, 53, name_of_the_first_server());
  resolver.set_servers({test::kSecondServer});
  lan.world.run_until(Instant(5s));
  client.set_servers({}, "ntp.example");
  lan.world.run_until(Instant(1min));
  EXPECT_EQ(server.received(), 1U);
  EXPECT_EQ(names.received(), 1U);
  EXPECT_THAT(lan.values("ntp_request_failed", "reason"),
              Each("192.0.2.1 has forbidden to ask it"));
}

TEST_F(SntpTest, TriesTheAddressesOfANameInTurnAndStaysWithTheGoodOne) {
  const test::UdpScript first(lan.first, 123, silent());
  const test::UdpScript second(lan.second, 123, always({}));
  const test::UdpScript names(lan.second, 53, name_of_both_servers());
  resolver.set_servers({test::kSecondServer});
  client.set_servers({}, "ntp.example");
  lan.world.run_until(Instant(2100s));
  EXPECT_THAT(lan.values("ntp_request_sent", "server"),
              ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.2", "192.0.2.2"));
}

TEST_F(SntpTest, AsksTheOtherAddressesOfANameOfWhichOneDenied) {
  const test::UdpScript first(lan.first, 123, always({.stratum = 0, .reference = "DENY"}));
  const test::UdpScript second(lan.second, 123, silent());
  const test::UdpScript names(lan.second, 53, name_of_both_servers());
  resolver.set_servers({test::kSecondServer});
  client.set_servers({}, "ntp.example");
  lan.world.run_until(Instant(20s));
  EXPECT_EQ(first.received(), 1U);
  EXPECT_EQ(second.received(), 4U);
}

TEST_F(SntpTest, KnowsWhatIsWrongWithItsServers) {
  client.set_servers({test::kFirstServer, test::kSecondServer}, "");
  EXPECT_EQ(client.trouble(), "");
  const test::UdpScript first(lan.first, 123, silent());
  const test::UdpScript second(lan.second, 123, always({.stratum = 16}));
  lan.world.run_until(Instant(10s));
  EXPECT_EQ(client.trouble(),
            "192.0.2.1: it does not answer; 192.0.2.2: its answer does not count, its stratum is "
            "16: the server is not synchronised");
  client.set_servers({test::kFirstServer}, "");
  EXPECT_EQ(client.trouble(), "");
}

TEST_F(SntpTest, RemembersInAnotherListWhoAskedForAnotherRate) {
  const test::UdpScript first(
      lan.first, 123, [this](UdpSocket& socket, const Datagram& request, unsigned nth) {
        const SntpReply kiss{.stratum = 0, .reference = "RATE"};
        if (nth == 1) (void)socket.send(request.from, kiss.to(request.payload, lan.world.now()));
      });
  lan.world.run_until(Instant(1s));
  client.set_servers({test::kSecondServer}, "");
  lan.world.run_until(Instant(1500ms));
  client.set_servers({test::kFirstServer, test::kSecondServer}, "");
  lan.world.run_until(Instant(8s));
  EXPECT_THAT(lan.times("ntp_request_sent"), ElementsAre(Instant(0s), Instant(1s), Instant(1500ms),
                                                         Instant(3500ms), Instant(7500ms)));
}

TEST_F(SntpTest, BelievesNoKissWithAnotherOrigin) {
  const test::UdpScript server(lan.first, 123,
                               always({.stratum = 0, .reference = "DENY", .origin_change = 2}));
  lan.world.run_until(Instant(2s));
  EXPECT_THAT(lan.times("ntp_request_sent"), ElementsAre(Instant(0s), Instant(1s)));
  EXPECT_THAT(lan.values("ntp_kiss_of_death", "code"), IsEmpty());
}

TEST_F(SntpTest, SetsTheClockBeyond2036) {
  SntpReply reply;
  reply.clock = parse_wall_time("2036-02-07T06:28:15.9995Z").value();  // rolls over on the way
  const test::UdpScript server(lan.first, 123, always(reply));
  lan.world.run_until(Instant(1s));
  ASSERT_TRUE(clock.valid());
  EXPECT_LE(std::chrono::abs(error(reply)), 1ns);
}

TEST_F(SntpTest, ARequestTellsNothingOfTheClock) {
  std::vector<NtpTimestamp> seen;
  const test::UdpScript server(lan.first, 123, [&](UdpSocket&, const Datagram& request, unsigned) {
    seen.push_back(SntpPacket::parse(request.payload)->transmit);
  });
  lan.world.run_until(Instant(1100ms));
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_NE(seen[0], seen[1]);
  EXPECT_NE(seen[0], 0U);
}

TEST_F(SntpTest, WithoutAnAddressKeepsTrying) {
  lan.phone.deconfigure();
  const test::UdpScript server(lan.first, 123, always({}));
  lan.world.run_until(Instant(2s));
  EXPECT_EQ(lan.values("ntp_request_failed", "server").size(), 2U);
  lan.phone.configure({{test::kPhone, 24}, {}});
  lan.world.run_until(Instant(3s + 2ms));
  EXPECT_TRUE(clock.valid());
}

TEST_F(SntpTest, EndsAtOnceWhenCancelled) {
  const test::UdpScript server(lan.first, 123, silent());
  lan.world.run_until(Instant(500ms));
  tasks.cancel();
  lan.world.run_until(Instant(501ms));
  EXPECT_TRUE(tasks.empty());
  lan.world.run_until(Instant(1min));
  EXPECT_EQ(lan.times("ntp_request_sent").size(), 1U);
}

}  // namespace
}  // namespace provlab::net
