#include "netfakes/multicast_responder.hpp"

#include <gmock/gmock.h>

#include "tests/unit/netfakes/lan.hpp"

namespace provlab::netfakes::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr Endpoint kGroup{Ipv4Address::of(224, 0, 1, 75), 5060};

std::string subscribe(std::string_view more = {}, std::string_view event = "ua-profile") {
  return "SUBSCRIBE sip:MAC%3a00095200000E@224.0.1.75 SIP/2.0\r\n"
         "Via: SIP/2.0/UDP 192.0.2.50:5060;branch=z9hG4bK-s1;rport\r\n"
         "From: <sip:MAC%3a00095200000E@224.0.1.75>;tag=11\r\n"
         "To: <sip:MAC%3a00095200000E@224.0.1.75>\r\n"
         "Call-ID: 1@192.0.2.50\r\n"
         "CSeq: 1 SUBSCRIBE\r\n"
         "Contact: <sip:192.0.2.50:5060>\r\n"
         "Max-Forwards: 70\r\n"
         "Event: " +
         std::string(event) +
         ";profile-type=\"device\";vendor=\"Auerswald\";model=\"D200\";version=\"2.2A\"\r\n"
         "Expires: 0\r\n"
         "Accept: application/url\r\n" +
         std::string(more) + "Content-Length: 0\r\n\r\n";
}

/// The value of a header without the white space before it, or nothing.
std::string header(const std::string& message, const std::string& name) {
  const std::size_t start = message.find("\r\n" + name + ": ");
  if (start == std::string::npos) return "";
  const std::size_t value = message.find_first_not_of(' ', start + name.size() + 3);
  return message.substr(value, message.find("\r\n", value) - value);
}

std::string ok_to(const std::string& notify) {
  return "SIP/2.0 200 OK\r\nVia: " + header(notify, "Via") + "\r\nFrom: " + header(notify, "From") +
         "\r\nTo: " + header(notify, "To") + "\r\nCall-ID: " + header(notify, "Call-ID") +
         "\r\nCSeq: " + header(notify, "CSeq") + "\r\nContent-Length: 0\r\n\r\n";
}

class MulticastResponderTest : public LanTest {
 protected:
  void serve(MulticastConfig config) {
    responder_ = responder_on(server_, std::move(config));
    ASSERT_TRUE(responder_->start());
  }
  static MulticastConfig with(std::vector<Notify> notifies) {
    MulticastConfig config;
    config.notifies = std::move(notifies);
    config.repetitions = 0;
    return config;
  }
  static Notify notify(std::string url, Duration after = {}) {
    return {.id = {}, .url = std::move(url), .after = after};
  }
  void ask(const std::string& text = subscribe()) {
    inbox_.send(kGroup, bytes_of(text));
    run();
  }
  std::string message(std::size_t index) const {
    EXPECT_LT(index, inbox_.entries().size());
    return index < inbox_.entries().size() ? inbox_.entries()[index].text() : "";
  }
  std::size_t messages() const { return inbox_.entries().size(); }

  Inbox inbox_{client_, 5060};
  std::unique_ptr<Responder> responder_;
};

TEST_F(MulticastResponderTest, AcceptsThenNotifies) {
  serve(with({notify("http://prov.server.com/b.xml")}));
  ask();
  ASSERT_EQ(messages(), 2u);
  EXPECT_THAT(message(0), StartsWith("SIP/2.0 200 OK\r\n"));
  EXPECT_THAT(message(1), AllOf(StartsWith("NOTIFY sip:192.0.2.50:5060 SIP/2.0\r\n"),
                                EndsWith("\r\n\r\nhttp://prov.server.com/b.xml")));
  EXPECT_THAT(recorded("answer_sent", "answer"), ElementsAre("multicast:ok", "multicast:notify"));
  EXPECT_THAT(recorded("answer_sent", "summary"),
              ElementsAre("200 OK", "notify http://prov.server.com/b.xml"));
  EXPECT_THAT(recorded("request_received", "request"), ElementsAre("subscribe"));
}

TEST_F(MulticastResponderTest, ResponseMirrorsTheRequestAndTellsItsSource) {
  serve(with({}));
  ask();
  ASSERT_EQ(messages(), 1u);
  const std::string ok = message(0);
  EXPECT_THAT(header(ok, "Via"),
              AllOf(StartsWith("SIP/2.0/UDP 192.0.2.50:5060;"), HasSubstr("branch=z9hG4bK-s1"),
                    HasSubstr("rport=5060"), HasSubstr("received=192.0.2.50")));
  // libosip2 writes the escape of the colon in upper case; the URI is the same (RFC 3261 19.1.4).
  EXPECT_EQ(header(ok, "From"), "<sip:MAC%3A00095200000E@224.0.1.75>;tag=11");
  EXPECT_THAT(header(ok, "To"), StartsWith("<sip:MAC%3A00095200000E@224.0.1.75>;tag="));
  EXPECT_EQ(header(ok, "Call-ID"), "1@192.0.2.50");
  EXPECT_EQ(header(ok, "CSeq"), "1 SUBSCRIBE");
  EXPECT_EQ(header(ok, "Contact"), "<sip:192.0.2.1:5060>");
  EXPECT_EQ(header(ok, "Expires"), "0");
  EXPECT_EQ(header(ok, "Content-Length"), "0");
}

TEST_F(MulticastResponderTest, NotifyStandsInTheDialogOfTheSubscribe) {
  serve(with({notify("http://foo")}));
  ask();
  const std::string ok = message(0);
  const std::string text = message(1);
  EXPECT_EQ(header(text, "Call-ID"), "1@192.0.2.50");
  EXPECT_EQ(header(text, "To"), header(ok, "From"));
  EXPECT_EQ(header(text, "From"), header(ok, "To"));
  EXPECT_EQ(header(text, "CSeq"), "1 NOTIFY");
  EXPECT_THAT(header(text, "Via"), StartsWith("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK"));
  EXPECT_THAT(header(text, "Event"), StartsWith("ua-profile"));
  EXPECT_EQ(header(text, "Subscription-State"), "terminated;reason=timeout");
  EXPECT_EQ(header(text, "Content-Type"), "application/url");
  EXPECT_EQ(header(text, "Content-Length"), "10");
  EXPECT_EQ(header(text, "Max-Forwards"), "70");
}

TEST_F(MulticastResponderTest, CanRepeatFromAndToUnswapped) {
  MulticastConfig config = with({notify("http://foo")});
  config.unswapped = true;
  serve(std::move(config));
  ask();
  EXPECT_EQ(header(message(1), "From"), "<sip:MAC%3A00095200000E@224.0.1.75>;tag=11");
  EXPECT_THAT(header(message(1), "To"), StartsWith("<sip:MAC%3A00095200000E@224.0.1.75>;tag="));
}

TEST_F(MulticastResponderTest, NotifiesFirstWhenToldTo) {
  MulticastConfig config = with({notify("http://foo", 100ms)});
  config.ok_first = false;
  config.ok_after = 50ms;
  serve(std::move(config));
  ask();
  ASSERT_EQ(messages(), 2u);
  EXPECT_THAT(message(0), StartsWith("NOTIFY"));
  EXPECT_EQ(inbox_.entries()[0].at, Instant(102ms));
  EXPECT_THAT(message(1), StartsWith("SIP/2.0 200"));
  EXPECT_EQ(inbox_.entries()[1].at, Instant(152ms));
}

TEST_F(MulticastResponderTest, SendsSeveralNotifiesEachInItsTime) {
  serve(with({notify("http://late", 200ms), notify("http://early", 100ms)}));
  ask();
  ASSERT_EQ(messages(), 3u);
  EXPECT_THAT(message(1), EndsWith("http://early"));
  EXPECT_EQ(header(message(1), "CSeq"), "1 NOTIFY");
  EXPECT_THAT(message(2), EndsWith("http://late"));
  EXPECT_EQ(header(message(2), "CSeq"), "2 NOTIFY");
}

TEST_F(MulticastResponderTest, CanNotifyWithoutBody) {
  serve(with({notify("")}));
  ask();
  EXPECT_EQ(header(message(1), "Content-Length"), "0");
  EXPECT_THAT(message(1), Not(HasSubstr("Content-Type")));
}

TEST_F(MulticastResponderTest, RepeatsANotifyUntilItIsConfirmed) {
  MulticastConfig config = with({notify("http://foo")});
  config.repetitions = 4;
  serve(std::move(config));
  ask();
  ASSERT_EQ(messages(), 3u);  // at 0 and 0.5 s
  EXPECT_EQ(message(2), message(1));
  inbox_.send({kServer, 5060}, bytes_of(ok_to(message(1))));
  run(60s);
  EXPECT_EQ(messages(), 3u);
  EXPECT_THAT(recorded("answer_repeated", "attempt"), ElementsAre("2"));
  EXPECT_THAT(recorded("answer_confirmed", "status"), ElementsAre("200"));
  EXPECT_THAT(recorded("answer_confirmed", "answer"), ElementsAre("multicast:notify"));
}

TEST_F(MulticastResponderTest, GivesUpANotifyThatNobodyConfirms) {
  MulticastConfig config = with({notify("http://foo")});
  config.repetitions = 3;
  serve(std::move(config));
  ask();
  run(60s);
  std::vector<Instant> times;
  for (std::size_t i = 1; i < messages(); ++i) times.push_back(inbox_.entries()[i].at);
  EXPECT_THAT(times, ElementsAre(Instant(2ms), Instant(502ms), Instant(1502ms), Instant(3502ms)));
}

TEST_F(MulticastResponderTest, AnswersARetransmissionWithTheSameResponseAndNoSecondNotify) {
  serve(with({notify("http://foo")}));
  ask();
  ask();
  ASSERT_EQ(messages(), 3u);
  EXPECT_EQ(message(2), message(0));
  EXPECT_THAT(recorded("answer_repeated", "answer"), ElementsAre("multicast:ok"));
}

TEST_F(MulticastResponderTest, SilentRuleLetsTheFirstSubscribePass) {
  MulticastConfig config = with({notify("http://foo")});
  config.rules.resize(1);
  config.rules[0].nth = 1;
  config.rules[0].answer.silent = true;
  serve(std::move(config));
  ask();
  EXPECT_EQ(messages(), 0u);
  EXPECT_THAT(recorded("answer_withheld", "answer"),
              ElementsAre("multicast:ok", "multicast:notify"));
  ask();
  EXPECT_EQ(messages(), 2u);
}

TEST_F(MulticastResponderTest, RuleReplacesTheNotifiesAndNamesThem) {
  MulticastConfig config = with({notify("http://foo")});
  config.rules.resize(1);
  config.rules[0].answer.id = "named";
  config.rules[0].notifies = {{notify("http://bar")}};
  serve(std::move(config));
  ask();
  EXPECT_THAT(message(1), EndsWith("http://bar"));
  EXPECT_THAT(recorded("answer_sent", "answer"), ElementsAre("multicast:ok", "named"));
}

TEST_F(MulticastResponderTest, CanLeaveOutTheResponse) {
  MulticastConfig config = with({notify("http://foo")});
  config.send_ok = false;
  serve(std::move(config));
  ask();
  ASSERT_EQ(messages(), 1u);
  EXPECT_THAT(message(0), StartsWith("NOTIFY"));
}

TEST_F(MulticastResponderTest, UnderstandsCompactHeaders) {
  serve(with({notify("http://foo")}));
  ask("SUBSCRIBE sip:MAC%3a00095200000E@224.0.1.75 SIP/2.0\r\n"
      "v: SIP/2.0/UDP 192.0.2.50:5060;branch=z9hG4bK-c\r\n"
      "f: <sip:a@224.0.1.75>;tag=1\r\n"
      "t: <sip:a@224.0.1.75>\r\n"
      "i: compact\r\n"
      "CSeq: 1 SUBSCRIBE\r\n"
      "m: <sip:192.0.2.50:5060>\r\n"
      "o: ua-profile\r\n"
      "l: 0\r\n\r\n");
  ASSERT_EQ(messages(), 2u);
  EXPECT_EQ(header(message(1), "Call-ID"), "compact");
}

TEST_F(MulticastResponderTest, RefusesOtherEvents) {
  serve(with({notify("http://foo")}));
  ask(subscribe("", "presence"));
  ASSERT_EQ(messages(), 1u);
  EXPECT_THAT(message(0), StartsWith("SIP/2.0 489 Bad Event\r\n"));
  EXPECT_EQ(header(message(0), "Allow-Events"), "ua-profile");
}

TEST_F(MulticastResponderTest, IgnoresWhatIsNoSubscribe) {
  serve(with({notify("http://foo")}));
  ask("hello\r\n\r\n");
  ask("OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.50;branch=z9hG4bK1\r\n"
      "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 2\r\nCSeq: 1 OPTIONS\r\n\r\n");
  EXPECT_EQ(messages(), 0u);
  EXPECT_EQ(recorded("request_ignored", "reason").size(), 2u);
}

TEST_F(MulticastResponderTest, SendsToTheSourceWhereTheContactIsAName) {
  serve(with({notify("http://foo")}));
  std::string text = subscribe();
  text.replace(text.find("<sip:192.0.2.50:5060>"), 21, "<sip:phone@d200.local>");
  ask(text);
  ASSERT_EQ(messages(), 2u);
  EXPECT_THAT(message(1), StartsWith("NOTIFY sip:phone@d200.local SIP/2.0\r\n"));
}

TEST_F(MulticastResponderTest, StopsRepeatingWhenStopped) {
  MulticastConfig config = with({notify("http://foo")});
  config.repetitions = 4;
  serve(std::move(config));
  world_.at(Instant(100ms), [&] { responder_->stop(); });
  ask();
  run(60s);
  EXPECT_EQ(messages(), 2u);
  EXPECT_THAT(recorded("answer_repeated", "attempt"), IsEmpty());
}

TEST_F(MulticastResponderTest, MayBeDestroyedWithANotifyUnconfirmed) {
  MulticastConfig config = with({notify("http://foo"), notify("http://bar", 300ms)});
  config.repetitions = 4;
  serve(std::move(config));
  world_.at(Instant(100ms), [&] { responder_.reset(); });
  ask();
  run(60s);
  EXPECT_EQ(messages(), 2u);
}

}  // namespace
}  // namespace provlab::netfakes::test
