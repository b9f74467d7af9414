#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/component/resolver_fixture.hpp"

namespace provlab::net {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(ResolverTest, AsksItsServerAndTakesTheAnswer) {
  const test::UdpScript server(lan.first, 53, always({}));
  EXPECT_EQ(resolve("prov.example"), kResolved);
  EXPECT_EQ(took, 2ms);
  EXPECT_THAT(lan.values("name_query_sent", "server"), ElementsAre("192.0.2.1"));
  EXPECT_THAT(lan.values("name_resolved", "address"), ElementsAre("198.51.100.10"));
}

TEST_F(ResolverTest, GivesEachAddressOnceInTheOrderOfTheAnswer) {
  const Ipv4Address low = Ipv4Address::of(198, 51, 100, 1);
  const test::UdpScript server(lan.first, 53, always({.more = {low, kResolved}}));
  EXPECT_THAT(resolve_all("prov.example").value(), ElementsAre(kResolved, low));
  EXPECT_THAT(resolve_all("prov.example").value(), ElementsAre(kResolved, low)) << "from memory";
  EXPECT_THAT(lan.values("name_resolved", "address"), Each("198.51.100.10 198.51.100.1"));
}

TEST_F(ResolverTest, TakesADottedQuadForItself) {
  EXPECT_EQ(resolve("203.0.113.5"), Ipv4Address::of(203, 0, 113, 5));
  EXPECT_THAT(lan.times("name_query_sent"), IsEmpty());
}

TEST_F(ResolverTest, WithoutServersSaysWhoShouldNameOne) {
  resolver.set_servers({});
  EXPECT_THAT(complaint("prov.example"), HasSubstr("no DNS server is known"));
}

TEST_F(ResolverTest, AsksASilentServerAfterOneTwoAndFourSeconds) {
  const test::UdpScript server(lan.first, 53, silent);
  EXPECT_EQ(complaint("prov.example"),
            "the name prov.example did not resolve: 192.0.2.1 did not answer 3 queries");
  EXPECT_THAT(lan.times("name_query_sent"), ElementsAre(Instant(0s), Instant(1s), Instant(3s)));
  EXPECT_EQ(took, 7s);
}

TEST_F(ResolverTest, AsksServersInTurn) {
  resolver.set_servers({test::kFirstServer, test::kSecondServer});
  const test::UdpScript first(lan.first, 53, silent);
  const test::UdpScript second(lan.second, 53, always({}));
  EXPECT_EQ(resolve("prov.example"), kResolved);
  EXPECT_EQ(took, 1s + 2ms);
}

TEST_F(ResolverTest, TakesALateAnswerOfAnEarlierQuery) {
  const test::UdpScript server(lan.first, 53,
                               [this](UdpSocket& socket, const Datagram& query, unsigned nth) {
                                 if (nth != 1) return;
                                 lan.world.at(Instant(1500ms), [&socket, query] {
                                   (void)socket.send(query.from, Reply{}.to(query.payload));
                                 });
                               });
  EXPECT_EQ(resolve("prov.example"), kResolved);
  EXPECT_EQ(took, 1501ms);
}

TEST_F(ResolverTest, TakesNxdomainForFinal) {
  resolver.set_servers({test::kFirstServer, test::kSecondServer});
  const test::UdpScript first(lan.first, 53, always({.code = 3, .address = {}}));
  const test::UdpScript second(lan.second, 53, always({}));
  EXPECT_THAT(complaint("prov.example"), HasSubstr("192.0.2.1 answered NXDOMAIN"));
  EXPECT_EQ(took, 2ms);
  EXPECT_EQ(second.received(), 0U);
}

TEST_F(ResolverTest, TakesAnAnswerWithoutAddressForFinal) {
  const test::UdpScript server(lan.first, 53, always({.address = {}}));
  EXPECT_THAT(complaint("prov.example"), HasSubstr("prov.example has no IPv4 address"));
}

TEST_F(ResolverTest, GoesToTheNextServerAtOnceAfterServfail) {
  resolver.set_servers({test::kFirstServer, test::kSecondServer});
  const test::UdpScript first(lan.first, 53, always({.code = 2, .address = {}}));
  const test::UdpScript second(lan.second, 53, always({}));
  EXPECT_EQ(resolve("prov.example"), kResolved);
  EXPECT_EQ(took, 4ms);
}

TEST_F(ResolverTest, EndsAtOnceWhereEveryServerHasFailed) {
  resolver.set_servers({test::kFirstServer, test::kSecondServer});
  const test::UdpScript first(lan.first, 53, always({.code = 2, .address = {}}));
  const test::UdpScript second(lan.second, 53, always({.code = 5, .address = {}}));
  EXPECT_EQ(complaint("prov.example"),
            "the name prov.example did not resolve: 192.0.2.1 answered SERVFAIL, 192.0.2.2 "
            "answered REFUSED");
  EXPECT_EQ(took, 4ms);
}

TEST_F(ResolverTest, IgnoresAnswersThatAreNotToItsQuery) {
  const test::UdpScript spoofer(lan.second, 53, silent);
  const test::UdpScript server(
      lan.first, 53, [this](UdpSocket& socket, const Datagram& query, unsigned) {
        const Bytes good = Reply{.address = Ipv4Address::of(203, 0, 113, 66)}.to(query.payload);
        (void)lan.second.open_udp({}).value()->send(query.from, good);           // other address
        (void)lan.first.open_udp({}).value()->send(query.from, good);            // other port
        (void)socket.send(query.from, Reply{.id_change = 1}.to(query.payload));  // other id
        Bytes other_question = good;
        other_question[13] ^= 1;
        (void)socket.send(query.from, other_question);
        (void)socket.send(query.from, query.payload);  // the query itself
        (void)socket.send(query.from, Bytes{1, 2, 3});
        (void)socket.send(query.from, Reply{}.to(query.payload));
      });
  EXPECT_EQ(resolve("prov.example"), kResolved);
  EXPECT_EQ(lan.values("name_answer_ignored", "reason").size(), 6U);
}

TEST_F(ResolverTest, KeepsAnAnswerForItsTimeToLive) {
  const test::UdpScript server(lan.first, 53, always({.ttl = 60}));
  EXPECT_EQ(resolve("prov.example"), kResolved);
  lan.world.run_until(Instant(60s));
  EXPECT_EQ(resolve("PROV.example."), kResolved);
  EXPECT_EQ(server.received(), 1U);
  lan.world.run_until(Instant(60s + 2ms));
  EXPECT_EQ(resolve("prov.example"), kResolved);
  EXPECT_EQ(server.received(), 2U);
}

TEST_F(ResolverTest, KeepsNoAnswerForLongerThanAnHour) {
  const test::UdpScript server(lan.first, 53, always({.ttl = 86400}));
  EXPECT_EQ(resolve("prov.example"), kResolved);
  lan.world.run_until(Instant(1h + 2ms));
  EXPECT_EQ(resolve("prov.example"), kResolved);
  EXPECT_EQ(server.received(), 2U);
}

TEST_F(ResolverTest, SaysHowLongAnAnswerHolds) {
  const test::UdpScript server(lan.first, 53, always({.ttl = 60}));
  EXPECT_EQ(look_up("prov.example").until, Instant(60s + 2ms));
  lan.world.run_until(Instant(20s));
  EXPECT_EQ(look_up("prov.example").until, Instant(60s + 2ms)) << "from memory";
  EXPECT_EQ(look_up("203.0.113.5").until, kNever);
}

TEST_F(ResolverTest, SaysWhetherAServerCouldSay) {
  const test::UdpScript server(
      lan.first, 53, [](UdpSocket& socket, const Datagram& query, unsigned nth) {
        const unsigned code = nth == 1 ? 3 : 2;  // NXDOMAIN, then SERVFAIL
        (void)socket.send(query.from, Reply{.code = code, .address = {}}.to(query.payload));
      });
  EXPECT_TRUE(look_up("prov.example").definite);
  EXPECT_FALSE(look_up("prov.example").definite);
}

TEST_F(ResolverTest, KeepsNothingThatHasNoTimeToLive) {
  const test::UdpScript server(lan.first, 53, always({.ttl = 0}));
  EXPECT_EQ(resolve("prov.example"), kResolved);
  EXPECT_EQ(resolve("prov.example"), kResolved);
  EXPECT_EQ(server.received(), 2U);
}

TEST_F(ResolverTest, ForgetsWhatFormerServersSaid) {
  const test::UdpScript first(lan.first, 53, always({}));
  const test::UdpScript second(lan.second, 53,
                               always({.address = Ipv4Address::of(203, 0, 113, 1)}));
  EXPECT_EQ(resolve("prov.example"), kResolved);
  resolver.set_servers({test::kSecondServer});
  EXPECT_EQ(resolve("prov.example"), Ipv4Address::of(203, 0, 113, 1));
}

/// Answers by the name asked for: with kResolved where it is the one given, else NXDOMAIN.
test::UdpScript::Answer only(std::string known, std::uint32_t ttl = 60) {
  return [known = std::move(known), ttl](UdpSocket& socket, const Datagram& query, unsigned) {
    const auto asked = DnsResponse::parse([&] {
      Bytes response = query.payload;
      response[2] = 0x80;
      return response;
    }());
    const bool right = asked->question == known;
    (void)socket.send(query.from, Reply{.code = right ? 0U : 3U,
                                        .ttl = ttl,
                                        .address = right ? std::optional(kResolved) : std::nullopt}
                                      .to(query.payload));
  };
}

TEST_F(ResolverTest, AppendsTheDomainToANameWithoutADot) {
  resolver.set_servers({test::kFirstServer}, "Office.example");
  const test::UdpScript server(lan.first, 53, only("prov.office.example"));
  EXPECT_EQ(resolve("prov"), kResolved);
  EXPECT_EQ(resolve("PROV"), kResolved) << "from memory";
  EXPECT_EQ(server.received(), 1U);
}

TEST_F(ResolverTest, AsksForANameAsItIsWhereTheDomainDoesNotHaveIt) {
  resolver.set_servers({test::kFirstServer}, "office.example");
  const test::UdpScript server(lan.first, 53, only("prov"));
  EXPECT_EQ(resolve("prov"), kResolved);
  EXPECT_EQ(resolve("prov"), kResolved) << "from memory";
  EXPECT_EQ(server.received(), 2U);
}

TEST_F(ResolverTest, AppendsNothingToANameThatEndsWithADot) {
  resolver.set_servers({test::kFirstServer}, "office.example");
  const test::UdpScript server(lan.first, 53, only("prov"));
  EXPECT_EQ(resolve("prov."), kResolved);
  EXPECT_EQ(server.received(), 1U);
}

TEST_F(ResolverTest, SaysOfBothNamesWhyTheyDoNotResolve) {
  resolver.set_servers({test::kFirstServer}, "office.example");
  const test::UdpScript server(lan.first, 53, only("other"));
  EXPECT_EQ(complaint("prov"),
            "the name prov.office.example did not resolve: 192.0.2.1 answered NXDOMAIN (no such "
            "name); the name prov did not resolve: 192.0.2.1 answered NXDOMAIN (no such name)");
}

TEST_F(ResolverTest, ForgetsWhatItKnewUnderAnotherDomain) {
  resolver.set_servers({test::kFirstServer}, "office.example");
  const test::UdpScript server(lan.first, 53, only("prov.office.example"));
  EXPECT_EQ(resolve("prov"), kResolved);
  resolver.set_servers({test::kFirstServer}, "other.example");
  EXPECT_THAT(complaint("prov"), HasSubstr("prov.other.example"));
}

TEST_F(ResolverTest, GoesToTheNextServerAtOnceAfterAReferral) {
  resolver.set_servers({test::kFirstServer, test::kSecondServer});
  const test::UdpScript first(
      lan.first, 53, [](UdpSocket& socket, const Datagram& query, unsigned) {
        Bytes out = Reply{.address = {}}.to(query.payload);
        out[9] = 1;
        for (const int octet : {0xc0, 12, 0, 2, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, 12}) {
          out.push_back(static_cast<std::uint8_t>(octet));
        }
        (void)socket.send(query.from, out);
      });
  const test::UdpScript second(lan.second, 53, always({}));
  EXPECT_EQ(resolve("prov.example"), kResolved);
  EXPECT_EQ(took, 4ms);
}

TEST_F(ResolverTest, EndsAtItsDeadline) {
  const test::UdpScript server(lan.first, 53, silent);
  EXPECT_FALSE(resolve("prov.example", Instant(2500ms)));
  EXPECT_EQ(took, 2500ms);
}

TEST_F(ResolverTest, WithoutAnAddressOfItsOwnFailsAtOnce) {
  lan.phone.deconfigure();
  EXPECT_THAT(complaint("prov.example"), HasSubstr("192.0.2.1 cannot be asked"));
  EXPECT_EQ(took, 0s);
}

TEST_F(ResolverTest, RefusesNamesThatCannotBeAsked) {
  EXPECT_THAT(complaint("a..b"), HasSubstr("a part of the host name"));
}

TEST_F(ResolverTest, SendsNothingMoreOnceCancelled) {
  const test::UdpScript server(lan.first, 53, silent);
  test::Running<Expected<std::vector<Ipv4Address>>> running(lan.phone,
                                                            resolver.resolve("prov.example"));
  lan.world.run_until(Instant(500ms));
  running.cancel();
  lan.world.run_until(Instant(1min));
  EXPECT_TRUE(running.cancelled);
  EXPECT_EQ(running.ended_at, Instant(500ms));
  EXPECT_EQ(server.received(), 1U);
}

TEST_F(ResolverTest, UsesAPortAndAnIdentifierThatDifferFromQueryToQuery) {
  std::vector<std::pair<Port, unsigned>> seen;
  const test::UdpScript server(
      lan.first, 53, [&](UdpSocket& socket, const Datagram& query, unsigned) {
        seen.emplace_back(query.from.port, query.payload[0] << 8 | query.payload[1]);
        (void)socket.send(query.from, Reply{.ttl = 0}.to(query.payload));
      });
  EXPECT_TRUE(resolve("prov.example"));
  EXPECT_TRUE(resolve("prov.example"));
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_NE(seen[0].first, seen[1].first);
  EXPECT_NE(seen[0].second, seen[1].second);
}

}  // namespace
}  // namespace provlab::net
