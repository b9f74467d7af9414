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
