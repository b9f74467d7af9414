#include "core/net/dhcp_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/component/dhcp_script.hpp"

/// Getting a lease: INIT to BOUND (SPEC 2.6).
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
using testing::IsEmpty;

constexpr Instant kStart{};
constexpr Endpoint kFromNowhere{Ipv4Address::any(), 68};

/// A script that answers DISCOVER well and REQUEST by `on_request`.
ScriptedDhcpServer::Script offering(ScriptedDhcpServer::Script on_request) {
  return [on_request](ScriptedDhcpServer& server, const SeenMessage& seen) {
    if (seen.message.type == DhcpType::discover) return server.behave(seen);
    if (on_request) on_request(server, seen);
  };
}

/// When a client with this random source sends, if nobody answers.
class ExpectedTimes {
 public:
  explicit ExpectedTimes(Random& random) : random_(random) {}
  void draw_xid() { random_.next(); }
  std::vector<Instant> transmissions(Instant first, std::initializer_list<int> bases) {
    std::vector<Instant> times{first};
    for (const int base : bases) {
      times.push_back(times.back() + std::chrono::seconds(base) + random_.between(-1s, 1s));
    }
    return times;
  }

 private:
  Random& random_;
};

TEST(DhcpClient, BindsByFourMessages) {
  DhcpLan lan;
  lan.start();
  lan.run_for(10ms);
  ASSERT_TRUE(lan.client.lease());
  EXPECT_EQ(lan.device.configuration(), (InterfaceConfiguration{{kOffered, 24}, kDhcpServer}));
  EXPECT_THAT(lan.values("dhcp_sent", "message"), ElementsAre("DISCOVER", "REQUEST"));
  EXPECT_THAT(lan.values("dhcp_received", "message"), ElementsAre("OFFER", "ACK"));
  EXPECT_THAT(lan.times("lease_bound"), ElementsAre(kStart + 4ms));
  EXPECT_THAT(lan.values("lease_bound", "dns"), ElementsAre("192.0.2.1"));
  EXPECT_THAT(lan.values("lease_bound", "lease_time"), ElementsAre("10min"));
  EXPECT_EQ(lan.client.lease()->begins_at, kStart + 2ms);
  EXPECT_EQ(lan.client.lease()->bound_at, kStart + 4ms);
  EXPECT_EQ(lan.count("dhcp_ignored"), 0U);
  EXPECT_EQ(lan.device.open_sockets(), 0U) << "a bound client needs no socket until T1";
}

TEST(DhcpClient, SendsTheOptionsOfTheSpecification) {
  DhcpLan lan;
  lan.start();
  lan.run_for(10ms);
  ASSERT_EQ(lan.server.seen.size(), 2U);
  for (const SeenMessage& seen : lan.server.seen) {
    EXPECT_EQ(seen.from, kFromNowhere);
    EXPECT_EQ(seen.to, kToEverybody);
    const DhcpMessage& message = seen.message;
    EXPECT_FALSE(message.reply);
    EXPECT_TRUE(message.broadcast);
    EXPECT_EQ(message.chaddr, lan.identity.mac);
    EXPECT_EQ(message.ciaddr, Ipv4Address::any());
    EXPECT_THAT(message.option(55).value(),
                ElementsAre(1, 3, 6, 15, 42, 43, 51, 54, 58, 59, 66, 67));
    EXPECT_EQ(message.number(57), 1472U);
    EXPECT_EQ(message.text(60), "D200");
    EXPECT_THAT(message.option(61).value(), ElementsAre(1, 0x00, 0x09, 0x52, 0x00, 0x00, 0x0e));
  }
  EXPECT_THAT(lan.server.seen[0].message.codes(), ElementsAre(61, 60, 57, 55));
  EXPECT_THAT(lan.server.seen[1].message.codes(), ElementsAre(61, 60, 57, 55, 50, 54));
  EXPECT_EQ(lan.server.seen[1].message.address(50), kOffered);
  EXPECT_EQ(lan.server.seen[1].message.address(54), kDhcpServer);
  EXPECT_EQ(lan.server.seen[1].message.xid, lan.server.seen[0].message.xid);
}

TEST(DhcpClient, RetransmitsDiscoverAtDoublingTimes) {
  DhcpLan twin;
  ExpectedTimes expected(twin.device.random());
  expected.draw_xid();
  DhcpLan lan;
  lan.server.script = nullptr;
  lan.start();
  lan.run_for(260s);
  EXPECT_EQ(lan.times("dhcp_sent"), expected.transmissions(kStart, {4, 8, 16, 32, 64, 64, 64}));
  EXPECT_THAT(lan.values("dhcp_sent", "attempt"),
              ElementsAre("1", "2", "3", "4", "5", "6", "7", "8"));
  for (const SeenMessage& seen : lan.server.seen) {
    EXPECT_EQ(seen.message.type, DhcpType::discover);
    EXPECT_EQ(seen.message.xid, lan.server.seen.front().message.xid);
    EXPECT_EQ(seen.message.secs, (seen.sent_at - kStart) / 1s);
  }
}

TEST(DhcpClient, WaitsDifferFromEachOther) {
  DhcpLan lan;
  lan.server.script = nullptr;
  lan.start();
  lan.run_for(400s);
  const auto times = lan.times("dhcp_sent");
  ASSERT_GE(times.size(), 8U);
  EXPECT_NE(times[6] - times[5], times[7] - times[6]) << "both are 64 s give or take one";
}

TEST(DhcpClient, RetransmitsRequestFourTimesThenDiscoversAnew) {
  DhcpLan twin;
  ExpectedTimes expected(twin.device.random());
  expected.draw_xid();
  expected.transmissions(kStart, {4});  // drawn for the DISCOVER, which was answered
  DhcpLan lan;
  lan.server.script = offering(nullptr);
  lan.start();
  lan.run_for(130s);
  const auto times = expected.transmissions(kStart + 2ms, {4, 8, 16, 32, 64});
  const auto requests = lan.server.of(DhcpType::request);
  ASSERT_GE(requests.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(requests[i].sent_at, times[i]);
    EXPECT_EQ(requests[i].message.secs, 0) << "as in the DISCOVER";
  }
  const auto discovers = lan.server.of(DhcpType::discover);
  ASSERT_EQ(discovers.size(), 2U);
  EXPECT_EQ(discovers[1].sent_at, times[5]);
  EXPECT_NE(discovers[1].message.xid, discovers[0].message.xid);
}

TEST(DhcpClient, LeaseCountsFromTheRetransmittedRequest) {
  DhcpLan lan;
  lan.server.script = offering([](ScriptedDhcpServer& server, const SeenMessage& seen) {
    if (server.of(DhcpType::request).size() == 2) server.behave(seen);
  });
  lan.start();
  lan.run_for(10s);
  ASSERT_TRUE(lan.client.lease());
  EXPECT_EQ(lan.client.lease()->begins_at, lan.server.of(DhcpType::request)[1].sent_at);
}

TEST(DhcpClient, TakesTheFirstOffer) {
  DhcpLan lan;
  lan.other.script = test::behaving;
  lan.start();
  lan.run_for(10ms);
  EXPECT_EQ(lan.client.lease()->server, kDhcpServer);
  EXPECT_THAT(lan.values("dhcp_ignored", "message"), ElementsAre("OFFER"));
  EXPECT_EQ(lan.other.seen.back().message.address(54), kDhcpServer)
      << "the REQUEST tells the other server that it was not chosen";
}

TEST(DhcpClient, NakStartsOverAtOnce) {
  DhcpLan lan;
  lan.server.script = offering([](ScriptedDhcpServer& server, const SeenMessage& seen) {
    if (server.of(DhcpType::request).size() > 1) return server.behave(seen);
    DhcpMessage nak = server.reply(seen.message, DhcpType::nak);
    nak.set_text(dhcp_option::kMessage, "requested address not available");
    server.send(nak);
  });
  lan.start();
  lan.run_for(10ms);
  EXPECT_THAT(lan.values("dhcp_sent", "message"),
              ElementsAre("DISCOVER", "REQUEST", "DISCOVER", "REQUEST"));
  EXPECT_EQ(lan.server.of(DhcpType::discover)[1].sent_at, kStart + 4ms);
  EXPECT_THAT(lan.values("dhcp_refused", "reason"),
              ElementsAre("NAK: requested address not available"));
  EXPECT_TRUE(lan.client.lease());
}

TEST(DhcpClient, ServerThatAlwaysRefusesIsNotFlooded) {
  DhcpLan lan;
  lan.server.script = offering([](ScriptedDhcpServer& server, const SeenMessage& seen) {
    server.send(server.reply(seen.message, DhcpType::nak));
  });
  lan.start();
  lan.run_for(60s);
  // 0, at once, then after about 4, 8, 16 and 32 seconds.
  EXPECT_EQ(lan.server.of(DhcpType::discover).size(), 5U);
  EXPECT_FALSE(lan.client.lease());
}

/// A reply that must be ignored, and the reason that the trace must give.
struct WrongReply {
  std::string name;
  std::function<Bytes(const ScriptedDhcpServer&, const DhcpMessage&)> make;
  std::string reason;
};

template <class Change>
auto changed(DhcpType type, Change change) {
  return [type, change](const ScriptedDhcpServer& server, const DhcpMessage& request) {
    DhcpMessage message = server.reply(request, type);
    change(message);
    return message.serialize();
  };
}

/// A reply without one of its options.
auto lacking(DhcpType type, std::uint8_t option) {
  return changed(type, [option](DhcpMessage& message) {
    DhcpMessage without;
    without.type = message.type;
    without.reply = true;
    without.xid = message.xid;
    without.chaddr = message.chaddr;
    without.yiaddr = message.yiaddr;
    for (const std::uint8_t code : message.codes()) {
      if (code != option) without.set(code, message.option(code).value());
    }
    message = without;
  });
}

/// What the filter of the link socket drops before anybody could say why.
constexpr const char* kUnseen = "";

std::vector<WrongReply> wrong_replies(DhcpType good, DhcpType bad) {
  const std::string bad_reason = good == DhcpType::offer
                                     ? "only an OFFER is awaited while selecting"
                                     : "only an ACK or a NAK is awaited while requesting";
  return {
      {"OtherTransaction", changed(good, [](DhcpMessage& m) { m.xid ^= 1; }), "is not ours"},
      {"OtherClient", changed(good, [](DhcpMessage& m) { m.chaddr.octets[5] ^= 1; }), kUnseen},
      {"NotFromAServer", changed(good, [](DhcpMessage& m) { m.reply = false; }), kUnseen},
      {"WrongType", changed(bad, [](DhcpMessage&) {}), bad_reason},
      {"WithoutAddress", changed(good, [](DhcpMessage& m) { m.yiaddr = {}; }),
       "the address offered, 0.0.0.0/24, is no host's address"},
      {"WithoutServer", lacking(good, dhcp_option::kServerIdentifier),
       "there is no server identifier (option 54)"},
      {"Truncated",
       [good](const ScriptedDhcpServer& server, const DhcpMessage& request) {
         Bytes whole = server.reply(request, good).serialize();
         whole.resize(239);
         return whole;
       },
       "malformed: octet 239"},
  };
}

void expect_ignored(const WrongReply& wrong, DhcpType asked) {
  SCOPED_TRACE(wrong.name);
  DhcpLan lan;
  lan.server.script = [&](ScriptedDhcpServer& server, const SeenMessage& seen) {
    if (seen.message.type == asked && server.of(asked).size() == 1) {
      return server.send_raw({}, wrong.make(server, seen.message));
    }
    server.behave(seen);
  };
  lan.start();
  lan.run_for(2s);
  EXPECT_FALSE(lan.client.lease());
  if (wrong.reason.empty()) {
    EXPECT_THAT(lan.values("dhcp_ignored", "reason"), IsEmpty());
  } else {
    EXPECT_THAT(lan.values("dhcp_ignored", "reason"), ElementsAre(HasSubstr(wrong.reason)));
  }
  lan.run_for(10s);
  EXPECT_TRUE(lan.client.lease()) << "the retransmission is answered well";
}

TEST(DhcpClient, WrongOfferIsIgnoredWithItsReason) {
  for (const WrongReply& wrong : wrong_replies(DhcpType::offer, DhcpType::ack)) {
    expect_ignored(wrong, DhcpType::discover);
  }
}

TEST(DhcpClient, WrongAckIsIgnoredWithItsReason) {
  for (const WrongReply& wrong : wrong_replies(DhcpType::ack, DhcpType::offer)) {
    expect_ignored(wrong, DhcpType::request);
  }
  expect_ignored({"WithoutLeaseTime", lacking(DhcpType::ack, dhcp_option::kLeaseTime),
                  "there is no lease time (option 51)"},
                 DhcpType::request);
}

TEST(DhcpClient, OfferWithoutLeaseTimeIsTaken) {
  DhcpLan lan;
  lan.server.script = [](ScriptedDhcpServer& server, const SeenMessage& seen) {
    if (seen.message.type != DhcpType::discover) return server.behave(seen);
    server.send_raw({}, lacking(DhcpType::offer, dhcp_option::kLeaseTime)(server, seen.message));
  };
  lan.start();
  lan.run_for(10ms);
  EXPECT_TRUE(lan.client.lease());
}

TEST(DhcpClient, NakOfAServerThatWasNotChosenIsIgnored) {
  DhcpLan lan;
  lan.server.script = offering(nullptr);
  lan.other.script = [](ScriptedDhcpServer& server, const SeenMessage& seen) {
    if (seen.message.type == DhcpType::request) {
      server.send(server.reply(seen.message, DhcpType::nak));
    }
  };
  lan.start();
  lan.run_for(1s);
  EXPECT_THAT(lan.values("dhcp_ignored", "reason"),
              ElementsAre("it is not from the server that was chosen, 192.0.2.1"));
  EXPECT_EQ(lan.count("dhcp_refused"), 0U);
}

TEST(DhcpClient, UnicastAnswerReachesAnAddresslessDevice) {
  // As servers send it that do not honour the broadcast flag: to yiaddr and the client's MAC.
  DhcpLan lan;
  auto link = lan.server_host.open_link({.port = 67}).value();
  lan.server.script = [&](ScriptedDhcpServer& server, const SeenMessage& seen) {
    const bool asks = seen.message.type == DhcpType::discover;
    LinkDatagram datagram;
    datagram.destination = lan.identity.mac;
    datagram.from = {kDhcpServer, 67};
    datagram.to = {kOffered, 68};
    datagram.payload =
        server.reply(seen.message, asks ? DhcpType::offer : DhcpType::ack).serialize();
    ASSERT_TRUE(link->send(datagram));
  };
  lan.start();
  lan.run_for(10ms);
  EXPECT_TRUE(lan.client.lease());
}

TEST(DhcpClient, GetsItsLeaseOnceTheCableIsIn) {
  DhcpLan lan;
  lan.device.set_link(false);
  lan.start();
  lan.world.at(kStart + 10s, [&] { lan.device.set_link(true); });
  lan.run_for(30s);
  ASSERT_TRUE(lan.client.lease());
  EXPECT_EQ(lan.server.seen.size(), 2U);
}

TEST(DhcpClient, CancelledItSendsNothingMoreAndHoldsNothing) {
  for (const Duration when : {0ms, 1ms, 2ms, 3ms, 5ms, 4000ms}) {
    DhcpLan lan;
    if (when > 1s) lan.server.script = nullptr;
    lan.start();
    lan.run_for(when);
    lan.tasks.cancel();
    lan.world.run_until(lan.world.now());
    const unsigned sent = lan.count("dhcp_sent");
    EXPECT_EQ(lan.device.open_sockets(), 0U) << provlab::to_string(when);
    lan.run_for(1h);
    EXPECT_EQ(lan.count("dhcp_sent"), sent) << provlab::to_string(when);
    EXPECT_TRUE(lan.tasks.empty());
  }
}

TEST(DhcpClient, StartedAgainItForgetsTheFormerLease) {
  DhcpLan lan;
  lan.start();
  lan.run_for(10ms);
  lan.tasks.cancel();
  lan.run_for(1s);
  lan.device.deconfigure();
  lan.server.script = nullptr;
  lan.start();
  lan.run_for(10ms);
  EXPECT_FALSE(lan.client.lease());
  EXPECT_EQ(lan.server.seen.back().message.type, DhcpType::discover);
}

TEST(DhcpClient, ChangedIsNotifiedAtTheBind) {
  DhcpLan lan;
  std::optional<Instant> notified;
  struct Waiter {
    static Task<> run(DhcpClient& client, Host& host, std::optional<Instant>& at) {
      const bool came = co_await client.changed().wait_until(kNever);
      if (came) at = host.now();
    }
  };
  lan.tasks.spawn(Waiter::run(lan.client, lan.device, notified));
  lan.start();
  lan.run_for(1s);
  EXPECT_EQ(notified, kStart + 4ms);
}

TEST(DhcpClient, SameSeedGivesTheSameTrace) {
  const auto trace = [] {
    DhcpLan lan;
    lan.server.script = offering(nullptr);
    lan.start();
    lan.run_for(300s);
    return std::string(lan.world.trace().json_lines());
  };
  EXPECT_EQ(trace(), trace());
}

TEST(DhcpClient, EndsWithItsWorldInAnyState) {
  for (const Duration when : {Duration(0ms), Duration(1ms), Duration(3ms), Duration(10ms),
                              Duration(301s), Duration(550s)}) {
    auto lan = std::make_unique<DhcpLan>();
    if (when > 1s) {
      lan->server.script = [](ScriptedDhcpServer& server, const SeenMessage& seen) {
        if (seen.message.ciaddr.is_any()) server.behave(seen);
      };
    }
    lan->start();
    lan->run_for(when);
    EXPECT_NO_FATAL_FAILURE(lan.reset());
  }
}

}  // namespace
}  // namespace provlab::net
