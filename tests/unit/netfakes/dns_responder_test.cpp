#include "netfakes/dns_responder.hpp"

#include <gmock/gmock.h>
#include <tins/dns.h>

#include "tests/unit/netfakes/lan.hpp"

namespace provlab::netfakes::test {
namespace {

using testing::ElementsAre;

constexpr Ipv4Address kProv = Ipv4Address::of(198, 51, 100, 10);

class DnsResponderTest : public LanTest {
 protected:
  void serve(DnsConfig config) {
    config.names.emplace("prov.server.com", kProv);
    responder_ = responder_on(server_, std::move(config));
    ASSERT_TRUE(responder_->start());
  }
  void ask(const std::string& name, Tins::DNS::QueryType type = Tins::DNS::A,
           Tins::DNS::QueryClass in = Tins::DNS::IN) {
    Tins::DNS query;
    query.id(0x1234);
    query.recursion_desired(1);
    query.add_query({name, type, in});
    inbox_.send({kServer, 53}, query.serialize());
    run();
  }
  Tins::DNS reply() const {
    const Bytes& payload = inbox_.only().datagram.payload;
    return Tins::DNS(payload.data(), static_cast<std::uint32_t>(payload.size()));
  }

  Inbox inbox_{client_, 40000};
  std::unique_ptr<Responder> responder_;
};

TEST_F(DnsResponderTest, AnswersAKnownNameWithItsAddress) {
  serve({});
  ask("prov.server.com");
  const Tins::DNS message = reply();
  EXPECT_EQ(message.id(), 0x1234);
  EXPECT_EQ(message.type(), Tins::DNS::RESPONSE);
  EXPECT_EQ(message.rcode(), 0);
  EXPECT_EQ(message.recursion_desired(), 1);
  ASSERT_EQ(message.answers_count(), 1);
  EXPECT_EQ(message.answers().front().data(), "198.51.100.10");
  EXPECT_EQ(message.answers().front().ttl(), 3600u);
  EXPECT_THAT(recorded("request_received", "request"), ElementsAre("A prov.server.com"));
  EXPECT_THAT(recorded("answer_sent", "summary"), ElementsAre("NOERROR 198.51.100.10"));
  EXPECT_THAT(recorded("answer_sent", "answer"), ElementsAre("dns:A prov.server.com"));
}

TEST_F(DnsResponderTest, FollowsAliasesAsFarAsItKnowsThem) {
  DnsConfig config;
  config.records = {{"www.server.com", Tins::DNS::CNAME, "b.example", 5s},
                    {"b.example", Tins::DNS::CNAME, "prov.server.com", std::nullopt},
                    {"far.server.com", Tins::DNS::CNAME, "nobody.example", std::nullopt}};
  config.ttls["prov.server.com"] = 7s;
  serve(std::move(config));
  ask("WWW.server.com");
  const Tins::DNS message = reply();
  ASSERT_EQ(message.answers_count(), 3);
  EXPECT_EQ(message.answers()[0].dname(), "WWW.server.com");
  EXPECT_EQ(message.answers()[0].data(), "b.example");
  EXPECT_EQ(message.answers()[0].ttl(), 5u);
  EXPECT_EQ(message.answers()[1].ttl(), 3600u);
  EXPECT_EQ(message.answers()[2].dname(), "prov.server.com");
  EXPECT_EQ(message.answers()[2].ttl(), 7u);
  EXPECT_THAT(recorded("answer_sent", "summary"),
              ElementsAre("NOERROR www.server.com=b.example b.example=prov.server.com "
                          "198.51.100.10"));
}

TEST_F(DnsResponderTest, EndsAChainThatLeadsAwayOrRoundWithoutAnAddress) {
  DnsConfig config;
  config.records = {{"a.example", Tins::DNS::CNAME, "b.example", std::nullopt},
                    {"b.example", Tins::DNS::CNAME, "a.example", std::nullopt}};
  serve(std::move(config));
  ask("a.example");
  EXPECT_EQ(reply().rcode(), 0);
  EXPECT_EQ(reply().answers_count(), 2);
}

TEST_F(DnsResponderTest, PutsTheSoaOfTheZoneIntoAnswersWithoutRecords) {
  DnsConfig config;
  config.records = {{"server.com", Tins::DNS::SOA,
                     soa_data("ns.server.com", "admin.server.com", {7, 1, 2, 3, 4}), 60s}};
  serve(std::move(config));
  ask("none.server.com");
  const Tins::DNS message = reply();
  EXPECT_EQ(message.rcode(), 3);
  ASSERT_EQ(message.authority_count(), 1);
  EXPECT_EQ(message.authority()[0].dname(), "server.com");
  EXPECT_EQ(message.authority()[0].ttl(), 60u);
  const Tins::DNS::soa_record soa(message.authority()[0]);
  EXPECT_EQ(soa.mname(), "ns.server.com");
  EXPECT_EQ(soa.serial(), 7u);
  EXPECT_EQ(soa.minimum_ttl(), 4u);
}

TEST_F(DnsResponderTest, AnswersWithTheRecordsOfItsRule) {
  DnsConfig config;
  DnsRule rule;
  rule.ttl = 9s;
  rule.addresses = {Ipv4Address::of(192, 0, 2, 9)};
  rule.records = {{"x.example", 46, std::string("\x01\x02\x00", 3), std::nullopt}};
  rule.additional = {{"y.example", Tins::DNS::A, "192.0.2.8", 1s}};
  config.rules.push_back(std::move(rule));
  serve(std::move(config));
  ask("prov.server.com");
  const Tins::DNS message = reply();
  ASSERT_EQ(message.answers_count(), 2);
  EXPECT_EQ(message.answers()[0].data(), "192.0.2.9");
  EXPECT_EQ(message.answers()[0].ttl(), 9u);
  EXPECT_EQ(message.answers()[1].query_type(), 46);
  EXPECT_EQ(message.answers()[1].data(), std::string("\x01\x02\x00", 3));
  ASSERT_EQ(message.additional_count(), 1);
  EXPECT_EQ(message.additional()[0].ttl(), 1u);
}

TEST_F(DnsResponderTest, RefersToTheServersOfTheZone) {
  DnsConfig config;
  config.rules.push_back({});
  config.rules.back().referral = true;
  serve(std::move(config));
  ask("prov.server.com");
  const Tins::DNS message = reply();
  EXPECT_EQ(message.rcode(), 0);
  EXPECT_EQ(message.recursion_available(), 0);
  EXPECT_EQ(message.answers_count(), 0);
  ASSERT_EQ(message.authority_count(), 1);
  EXPECT_EQ(message.authority().front().query_type(), Tins::DNS::NS);
  EXPECT_EQ(message.authority().front().dname(), "server.com");
  EXPECT_EQ(message.authority().front().data(), "ns.server.com");
}

TEST_F(DnsResponderTest, AnswersAllAddressesOfANameInTheirOrder) {
  DnsConfig config;
  config.names.emplace("prov.server.com", Ipv4Address::of(198, 51, 100, 99));
  serve(std::move(config));
  ask("prov.server.com");
  ASSERT_EQ(reply().answers_count(), 2);
  EXPECT_EQ(reply().answers().front().data(), "198.51.100.99");
  EXPECT_EQ(reply().answers().back().data(), "198.51.100.10");
  EXPECT_THAT(recorded("answer_sent", "summary"),
              ElementsAre("NOERROR 198.51.100.99 198.51.100.10"));
}

TEST_F(DnsResponderTest, RepeatsTheQuestionAsItWasSpelt) {
  serve({});
  ask("Prov.Server.COM");
  ASSERT_EQ(reply().queries().size(), 1u);
  EXPECT_EQ(reply().queries().front().dname(), "Prov.Server.COM");
  EXPECT_EQ(reply().answers_count(), 1);
}

TEST_F(DnsResponderTest, SaysNxdomainForAnUnknownName) {
  serve({});
  ask("nowhere.example");
  EXPECT_EQ(reply().rcode(), 3);
  EXPECT_EQ(reply().answers_count(), 0);
}

TEST_F(DnsResponderTest, HasNoRecordsOfOtherTypes) {
  serve({});
  ask("prov.server.com", Tins::DNS::AAAA);
  EXPECT_EQ(reply().rcode(), 0);
  EXPECT_EQ(reply().answers_count(), 0);
}

TEST_F(DnsResponderTest, ImplementsNoOtherClass) {
  serve({});
  ask("prov.server.com", Tins::DNS::A, Tins::DNS::CH);
  EXPECT_EQ(reply().rcode(), 4);
}

TEST_F(DnsResponderTest, IgnoresWhatIsNoQuery) {
  serve({});
  inbox_.send({kServer, 53}, bytes_of("abc"));
  run();
  EXPECT_TRUE(inbox_.entries().empty());
  EXPECT_EQ(recorded("request_ignored", "reason").size(), 1u);
}

TEST_F(DnsResponderTest, RuleChangesTheAnswerOfTheNthQuery) {
  DnsConfig config;
  config.rules.resize(1);
  config.rules[0].request = "A prov.server.com";
  config.rules[0].nth = 2;
  config.rules[0].addresses = {Ipv4Address::of(198, 51, 100, 99)};
  serve(std::move(config));
  ask("prov.server.com");
  ask("prov.server.com");
  EXPECT_THAT(recorded("answer_sent", "summary"),
              ElementsAre("NOERROR 198.51.100.10", "NOERROR 198.51.100.99"));
  EXPECT_THAT(recorded("request_received", "nth"), ElementsAre("1", "2"));
}

TEST_F(DnsResponderTest, RuleSetsTheResult) {
  DnsConfig config;
  config.rules.resize(1);
  config.rules[0].result = DnsResult::server_failure;
  serve(std::move(config));
  ask("prov.server.com");
  EXPECT_EQ(reply().rcode(), 2);
  EXPECT_EQ(reply().answers_count(), 0);
}

TEST_F(DnsResponderTest, SilentRuleWithholdsTheAnswer) {
  DnsConfig config;
  config.rules.resize(1);
  config.rules[0].answer = {.id = "quiet", .after = {}, .silent = true};
  serve(std::move(config));
  ask("prov.server.com");
  EXPECT_TRUE(inbox_.entries().empty());
  EXPECT_THAT(recorded("answer_withheld", "answer"), ElementsAre("quiet"));
  EXPECT_THAT(recorded("answer_withheld", "rule"), ElementsAre("any"));
}

TEST_F(DnsResponderTest, RuleDelaysTheAnswer) {
  DnsConfig config;
  config.rules.resize(1);
  config.rules[0].answer.after = 30ms;
  serve(std::move(config));
  ask("prov.server.com");
  EXPECT_EQ(inbox_.only().at, Instant(1ms + 30ms + 1ms));
}

TEST_F(DnsResponderTest, AnswersNothingOnceStopped) {
  DnsConfig config;
  config.rules.resize(1);
  config.rules[0].answer.after = 30ms;
  serve(std::move(config));
  world_.at(Instant(10ms), [&] { responder_->stop(); });
  ask("prov.server.com");
  EXPECT_TRUE(inbox_.entries().empty());
  EXPECT_TRUE(recorded("answer_sent", "answer").empty());
}

TEST_F(DnsResponderTest, MayBeDestroyedWithAnswersDue) {
  DnsConfig config;
  config.rules.resize(1);
  config.rules[0].answer.after = 30ms;
  serve(std::move(config));
  world_.at(Instant(10ms), [&] { responder_.reset(); });
  ask("prov.server.com");
  EXPECT_TRUE(inbox_.entries().empty());
}

}  // namespace
}  // namespace provlab::netfakes::test
