#include "core/net/sip_message.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/net/sip_text.hpp"
#include "tests/unit/net/pcap_reader.hpp"

namespace provlab::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Endpoint kPeer{Ipv4Address::of(192, 0, 2, 1), 5060};

/// A NOTIFY whose lines a test replaces, drops or adds to.
class NotifyBuilder {
 public:
  NotifyBuilder& line(std::string_view name, std::string_view value) {
    for (auto& [key, text] : lines_) {
      if (key == name) {
        text = value;
        return *this;
      }
    }
    lines_.emplace_back(name, value);
    return *this;
  }
  NotifyBuilder& without(std::string_view name) {
    std::erase_if(lines_, [&](const auto& each) { return each.first == name; });
    return *this;
  }
  NotifyBuilder& raw(std::string text) {
    raw_ = std::move(text);
    return *this;
  }
  NotifyBuilder& start(std::string text) {
    start_ = std::move(text);
    return *this;
  }
  NotifyBuilder& body(std::string text) {
    body_ = std::move(text);
    return *this;
  }
  std::string text() const {
    std::string out = start_ + "\r\n";
    for (const auto& [name, value] : lines_) out += name + ": " + value + "\r\n";
    return out + raw_ + "\r\n" + body_;
  }
  std::expected<SipMessage, SipMalformed> parse() const {
    return SipMessage::parse(bytes_of(text()));
  }
  std::string fault() const {
    const auto message = parse();
    return message ? "" : message.error().error.to_string();
  }

 private:
  std::string start_ = "NOTIFY sip:192.0.2.100:5060 SIP/2.0";
  std::vector<std::pair<std::string, std::string>> lines_ = {
      {"Via", "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-1"},
      {"From", "<sip:224.0.1.75>;tag=a"},
      {"To", "<sip:MAC%3a00095200000E@224.0.1.75>;tag=b"},
      {"Call-ID", "1@192.0.2.100"},
      {"CSeq", "1 NOTIFY"}};
  std::string raw_;
  std::string body_;
};

TEST(SipMessage, ReadsTheRequestLineHeadersAndBody) {
  const auto message =
      NotifyBuilder().line("Event", "ua-profile;profile-type=\"device\"").body("http://a/").parse();
  ASSERT_TRUE(message);
  EXPECT_TRUE(message->is_request());
  EXPECT_EQ(message->method(), "NOTIFY");
  EXPECT_EQ(message->uri(), "sip:192.0.2.100:5060");
  EXPECT_EQ(message->call_id(), "1@192.0.2.100");
  EXPECT_EQ(message->sequence(), (SipSequence{1, "NOTIFY"}));
  EXPECT_EQ(message->event_package(), "ua-profile");
  EXPECT_EQ(message->body(), "http://a/");
}

TEST(SipMessage, ReadsStatusLinesWithAndWithoutAPhrase) {
  const NotifyBuilder notify;
  for (const char* line :
       {"SIP/2.0 200 OK", "SIP/2.0 200 ", "SIP/2.0 200", "sip/2.0 200 OK then"}) {
    const auto message = NotifyBuilder(notify).start(line).parse();
    ASSERT_TRUE(message) << line;
    EXPECT_FALSE(message->is_request());
    EXPECT_EQ(message->status(), 200U);
  }
  for (const char* line : {"SIP/2.0 99 Low", "SIP/2.0 700 High", "SIP/2.0 2x0 No",
                           "SIP/2.0 2000 Long", "SIP/1.0 200 OK", "SIP/2.0"}) {
    const auto message = NotifyBuilder(notify).start(line).parse();
    ASSERT_FALSE(message) << line;
    EXPECT_FALSE(message.error().answerable) << "a response is never answered: " << line;
  }
}

TEST(SipMessage, FindsHeadersInAnyCase) {
  const auto message = NotifyBuilder().without("Call-ID").line("cALL-iD", "x").parse();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->call_id(), "x");
}

TEST(SipMessage, UnderstandsTheCompactForms) {
  const std::string text =
      "NOTIFY sip:a SIP/2.0\r\n"
      "v: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK-7\r\n"
      "f: <sip:x>;tag=1\r\nt: <sip:y>\r\ni: call\r\nm: <sip:192.0.2.1>\r\n"
      "CSeq: 4 NOTIFY\r\no: ua-profile\r\nc: application/url\r\nL: 9\r\nu: presence\r\n"
      "e: gzip\r\nk: path\r\ns: hello\r\n\r\nhttp://a/";
  const auto message = SipMessage::parse(bytes_of(text));
  ASSERT_TRUE(message);
  for (const char* name :
       {"Via", "From", "To", "Call-ID", "Contact", "Event", "Content-Type", "Content-Length",
        "Allow-Events", "Content-Encoding", "Supported", "Subject"}) {
    EXPECT_NE(message->find(name), nullptr) << name;
  }
  EXPECT_EQ(message->body(), "http://a/");
}

TEST(SipMessage, JoinsFoldedLinesByOneSpace) {
  const auto message =
      NotifyBuilder()
          .raw(
              "Event: ua-profile;\r\n \t profile-type=\"device\";\r\n\tvendor=x\r\n"
              "Subject:\r\n folded from nothing\r\n")
          .parse();
  ASSERT_TRUE(message);
  EXPECT_EQ(*message->find("Event"), "ua-profile; profile-type=\"device\"; vendor=x");
  EXPECT_EQ(*message->find("Subject"), "folded from nothing");
}

TEST(SipMessage, ToleratesSpaceBeforeTheColonAndBareLineFeeds) {
  const auto message = SipMessage::parse(
      bytes_of("\r\n\r\nNOTIFY sip:a SIP/2.0\nVia : SIP/2.0/UDP h\nFrom\t: <sip:x>\n"
               "To: <sip:y>\nCall-ID: c\nCSeq: 1 NOTIFY\n\nbody"));
  ASSERT_TRUE(message);
  EXPECT_EQ(*message->find("Via"), "SIP/2.0/UDP h");
  EXPECT_EQ(message->body(), "body");
}

TEST(SipMessage, KeepsSeveralHeadersOfANameInOrderAndSplitsLists) {
  const auto message = NotifyBuilder()
                           .line("Via", "SIP/2.0/UDP a;branch=1, SIP/2.0/UDP b;x=\"p,q\"")
                           .raw("v: SIP/2.0/TCP c\r\n")
                           .parse();
  ASSERT_TRUE(message);
  EXPECT_THAT(message->values("Via"),
              ElementsAre("SIP/2.0/UDP a;branch=1", "SIP/2.0/UDP b;x=\"p,q\"", "SIP/2.0/TCP c"));
  EXPECT_EQ(message->top_via()->host, "a");
}

TEST(SipMessage, BodyEndsWhereContentLengthSays) {
  const auto message = NotifyBuilder().line("Content-Length", "4").body("bodyrest").parse();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->body(), "body");
}

TEST(SipMessage, BodyWithoutContentLengthGoesOnToTheEndOfTheDatagram) {
  EXPECT_EQ(NotifyBuilder().body("one\r\ntwo").parse()->body(), "one\r\ntwo");
}

TEST(SipMessage, FaultsAreNamed) {
  const NotifyBuilder good;
  const auto with = [&](auto change) {
    NotifyBuilder builder = good;
    change(builder);
    return builder.fault();
  };
  EXPECT_EQ(good.fault(), "");
  EXPECT_THAT(with([](auto& b) { b.line("Content-Length", "5").body("four"); }),
              HasSubstr("Content-Length says 5 octets, the datagram holds 4"));
  EXPECT_THAT(with([](auto& b) { b.line("Content-Length", "-1"); }), HasSubstr("not a number"));
  EXPECT_THAT(with([](auto& b) { b.line("Content-Length", "99999999999999999999999"); }),
              HasSubstr("not a number"));
  EXPECT_THAT(with([](auto& b) { b.line("Content-Length", "0").raw("l: 1\r\n").body("x"); }),
              HasSubstr("differ"));
  EXPECT_THAT(with([](auto& b) { b.without("Via"); }), HasSubstr("Via is missing"));
  EXPECT_THAT(with([](auto& b) { b.line("Via", "SIP/2.0/UDP"); }), HasSubstr("Via cannot be read"));
  EXPECT_THAT(with([](auto& b) { b.line("Via", "SIP/2.0/UDP h:0"); }), HasSubstr("Via cannot"));
  EXPECT_THAT(with([](auto& b) { b.line("Via", "SIP/2.0/UDP h:65536"); }), HasSubstr("Via cannot"));
  EXPECT_THAT(with([](auto& b) { b.without("From"); }), HasSubstr("From is missing"));
  EXPECT_THAT(with([](auto& b) { b.without("To"); }), HasSubstr("To is missing"));
  EXPECT_THAT(with([](auto& b) { b.line("To", "<sip:unclosed"); }), HasSubstr("To cannot be read"));
  EXPECT_THAT(with([](auto& b) { b.line("From", "\"open <sip:a>"); }), HasSubstr("From cannot"));
  EXPECT_THAT(with([](auto& b) { b.without("Call-ID"); }), HasSubstr("Call-ID is missing"));
  EXPECT_THAT(with([](auto& b) { b.raw("i: second\r\n"); }), HasSubstr("Call-ID is there 2 times"));
  EXPECT_THAT(with([](auto& b) { b.without("CSeq"); }), HasSubstr("CSeq is missing"));
  EXPECT_THAT(with([](auto& b) { b.line("CSeq", "1 INVITE"); }),
              HasSubstr("the request is NOTIFY"));
  EXPECT_THAT(with([](auto& b) { b.line("CSeq", "2147483648 NOTIFY"); }), HasSubstr("below 2^31"));
  EXPECT_THAT(with([](auto& b) { b.line("CSeq", "one NOTIFY"); }), HasSubstr("below 2^31"));
  EXPECT_THAT(with([](auto& b) { b.line("Via", "SIP/2.0/UDP h;;,"); }), HasSubstr("Via cannot"));
  EXPECT_THAT(with([](auto& b) { b.start("NOTIFY sip:a b SIP/2.0"); }), HasSubstr("Request-URI"));
  EXPECT_THAT(with([](auto& b) { b.start("NOTIFY <sip:a> SIP/2.0"); }), HasSubstr("Request-URI"));
  EXPECT_THAT(with([](auto& b) { b.start("NOTIFY sip:\x01 SIP/2.0"); }), HasSubstr("Request-URI"));
  EXPECT_THAT(with([](auto& b) { b.start("NOTIFY SIP/2.0"); }), HasSubstr("Request-URI"));
  EXPECT_THAT(with([](auto& b) { b.start("GET / HTTP/1.1"); }), HasSubstr("the version SIP/2.0"));
  EXPECT_THAT(with([](auto& b) { b.start("NOTIFY"); }), HasSubstr("neither a request"));
  EXPECT_THAT(with([](auto& b) { b.start("NOT(IFY sip:a SIP/2.0"); }),
              HasSubstr("neither a request"));
}

TEST(SipMessage, LinesThatNobodyNeedsAreLeftOut) {
  for (const char* line : {"no colon here", "no colon here\r\n but more of it", ": no name",
                           "Two Words: x", "Subject: a\x01z", "Subject: a\rz", "Date: \x7f"}) {
    const auto message = NotifyBuilder().raw(std::string(line) + "\r\nEvent: x\r\n").parse();
    ASSERT_TRUE(message) << line;
    EXPECT_EQ(message->headers().size(), 6U) << line;
    EXPECT_EQ(message->event_package(), "x") << line;
  }
  EXPECT_TRUE(SipMessage::parse(
      bytes_of("NOTIFY sip:a SIP/2.0\r\n folded\r\n" + NotifyBuilder().text().substr(37))));
}

TEST(SipMessage, ControlCharactersInWhatIsNeededAreAFault) {
  for (const char* name : {"Via", "From", "To", "Call-ID", "CSeq", "Event", "Require",
                           "Content-Type", "Content-Length"}) {
    for (const std::string_view value : {"1\x01", "1\r1", "\"\\\r\""}) {
      EXPECT_THAT(NotifyBuilder().line(name, value).fault(),
                  HasSubstr(std::string(name) + " holds a control character"));
    }
  }
  EXPECT_EQ(NotifyBuilder().line("To", "\"\\\x07\\\x7f\t\\\"\" <sip:a>").fault(), "");
}

TEST(SipMessage, StartLineMayHaveMoreWhiteSpace) {
  const auto message = NotifyBuilder().start("NOTIFY  sip:a\t SIP/2.0  ").parse();
  ASSERT_TRUE(message);
  EXPECT_EQ(message->uri(), "sip:a");
}

TEST(SipMessage, LenientLengthTakesWhatIsThere) {
  for (const char* length : {"9", "0", "2", "-1", "many"}) {
    const std::string text = NotifyBuilder().line("Content-Length", length).body("body").text();
    const auto message = SipMessage::parse(bytes_of(text), SipContentLength::lenient);
    ASSERT_TRUE(message) << length;
    EXPECT_EQ(message->body(), "body") << length;
  }
}

TEST(SipMessage, FaultyRequestKeepsWhatAnAnswerNeeds) {
  const auto message = NotifyBuilder().line("Content-Length", "9").parse();
  ASSERT_FALSE(message);
  ASSERT_TRUE(message.error().answerable);
  EXPECT_EQ(message.error().status, 400U);
  const SipMessage answer =
      SipMessage::response_to(*message.error().answerable, 400, "Bad Request", "t", kPeer);
  EXPECT_TRUE(SipMessage::parse(bytes_of(answer.serialize())));
}

TEST(SipMessage, FaultyRequestIsAnswerableWhereItsTopViaIsRead) {
  for (const char* name : {"From", "To", "Call-ID", "CSeq"}) {
    EXPECT_TRUE(NotifyBuilder().without(name).parse().error().answerable) << name;
  }
  EXPECT_TRUE(NotifyBuilder().start("NOTIFY sip:a").parse().error().answerable);
  EXPECT_TRUE(NotifyBuilder().raw("v: nonsense\r\n").parse().error().answerable);
  EXPECT_FALSE(NotifyBuilder().without("Via").parse().error().answerable);
  EXPECT_FALSE(NotifyBuilder().line("Via", "SIP/2.0/UDP a\x01").parse().error().answerable);
}

TEST(SipMessage, OtherVersionIsAnsweredAsSuch) {
  const auto message = NotifyBuilder().start("NOTIFY sip:a SIP/3.0").parse();
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error().status, 505U);
  EXPECT_TRUE(message.error().answerable);
}

TEST(SipMessage, LongestDatagramIsReadAndOneOctetMoreRefused) {
  const std::size_t head = NotifyBuilder().text().size();
  NotifyBuilder builder;
  builder.body(std::string(SipMessage::kMaximumSize - head, 'x'));
  ASSERT_EQ(builder.text().size(), SipMessage::kMaximumSize);
  EXPECT_TRUE(builder.parse());
  builder.body(std::string(SipMessage::kMaximumSize - head + 1, 'x'));
  EXPECT_THAT(builder.fault(), HasSubstr("more than a UDP datagram can hold"));
}

TEST(SipMessage, SerialisedMessageReadsBackEqual) {
  SipMessage message = SipMessage::request("SUBSCRIBE", "sip:MAC%3a00095200000E@224.0.1.75");
  message.add("Via", "SIP/2.0/UDP 192.0.2.100:5060;branch=z9hG4bKx;rport");
  message.add("From", "<sip:a>;tag=1");
  message.add("To", "<sip:a>");
  message.add("Call-ID", "c@h");
  message.add("CSeq", "1 SUBSCRIBE");
  message.set_body("text");
  const std::string text = message.serialize();
  EXPECT_THAT(text, testing::EndsWith("\r\nContent-Length: 4\r\n\r\ntext"));
  auto back = SipMessage::parse(bytes_of(text));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->serialize(), text);
}

TEST(SipResponse, CopiesWhatTheRequestSaysAndAddsATagToATagLessTo) {
  const auto request = NotifyBuilder().line("To", "<sip:y;tag=of-the-uri>").parse();
  const SipMessage response = SipMessage::response_to(*request, 200, "OK", "mine", kPeer);
  EXPECT_EQ(response.serialize(),
            "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-1\r\n"
            "From: <sip:224.0.1.75>;tag=a\r\nTo: <sip:y;tag=of-the-uri>;tag=mine\r\n"
            "Call-ID: 1@192.0.2.100\r\nCSeq: 1 NOTIFY\r\nContent-Length: 0\r\n\r\n");
}

TEST(SipResponse, KeepsTheTagAndEveryViaButCompletesTheTopOneOnly) {
  const auto request =
      NotifyBuilder()
          .line("Via", "SIP/2.0/UDP pbx.example;rport;branch=1,SIP/2.0/UDP b;rport")
          .parse();
  const SipMessage response =
      SipMessage::response_to(*request, 200, "OK", "mine", {kPeer.address, 40000});
  EXPECT_EQ(*response.find("To"), "<sip:MAC%3a00095200000E@224.0.1.75>;tag=b");
  EXPECT_THAT(response.values("Via"),
              ElementsAre("SIP/2.0/UDP pbx.example;rport=40000;branch=1;received=192.0.2.1",
                          "SIP/2.0/UDP b;rport"));
}

TEST(SipResponse, GoesToTheSourceAddressAndThePortOfTheVia) {
  const Endpoint source{Ipv4Address::of(192, 0, 2, 9), 40000};
  const auto target = [&](std::string_view via) {
    return sip_response_target(*parse_sip_via(via), source).to_string();
  };
  EXPECT_EQ(target("SIP/2.0/UDP 192.0.2.1:5070;branch=a"), "192.0.2.9:5070");
  EXPECT_EQ(target("SIP/2.0/UDP 192.0.2.1;branch=a"), "192.0.2.9:5060");
  EXPECT_EQ(target("SIP/2.0/UDP 192.0.2.1:5070;RPORT;branch=a"), "192.0.2.9:40000");
}

TEST(SipVia, IsReadInItsOddForms) {
  const auto via =
      parse_sip_via("SIP / 2.0 / UDP first.example.com: 4000;ttl=16 ;branch=z9hG4bKa7");
  ASSERT_TRUE(via);
  EXPECT_EQ(via->transport, "UDP");
  EXPECT_EQ(via->host, "first.example.com");
  EXPECT_EQ(via->port, 4000);
  EXPECT_EQ(via->branch, "z9hG4bKa7");
  EXPECT_EQ(parse_sip_via("SIP/2.0/UDP [2001:db8::1]:5060")->host, "[2001:db8::1]");
  EXPECT_FALSE(parse_sip_via("SIP/2.0/UDP [2001:db8::1"));
  EXPECT_FALSE(parse_sip_via("SIP/2.0/UDP a b"));
  EXPECT_TRUE(parse_sip_via("SIP/7.0/UDP a"));
  EXPECT_FALSE(parse_sip_via("S P/2.0/UDP a"));
  EXPECT_FALSE(parse_sip_via(""));
}

TEST(SipText, ParametersAreFoundOutsideOfQuotesAndAddresses) {
  const std::string_view value = "\"A;tag=no\" <sip:x;tag=uri>;q=\"a;\\\"b\";TAG = yes ;lone";
  EXPECT_EQ(sip_parameter(value, "tag"), "yes");
  EXPECT_EQ(sip_parameter(value, "q"), "a;\"b");
  EXPECT_EQ(sip_parameter(value, "lone"), "");
  EXPECT_EQ(sip_parameter(value, "none"), std::nullopt);
  EXPECT_EQ(sip_value(value), "\"A;tag=no\" <sip:x;tag=uri>");
}

// Captures

TEST(SipCapture, FullBootHoldsTheWholeSubscription) {
  std::vector<SipMessage> messages;
  for (const auto& datagram : test::read_udp("full_boot", 5060)) {
    auto message = SipMessage::parse(datagram.payload);
    ASSERT_TRUE(message) << message.error().error.to_string();
    messages.push_back(std::move(*message));
  }
  ASSERT_EQ(messages.size(), 4U);
  const SipMessage& subscribe = messages[0];
  EXPECT_EQ(subscribe.method(), "SUBSCRIBE");
  EXPECT_EQ(subscribe.uri(), "sip:MAC%3a00095200000E@224.0.1.75");
  EXPECT_EQ(sip_parameter(*subscribe.find("Event"), "model"), "COMfortel D200");
  EXPECT_EQ(messages[1].status(), 200U);
  EXPECT_EQ(messages[1].top_via()->branch, subscribe.top_via()->branch);
  const SipMessage& notify = messages[2];
  EXPECT_EQ(notify.method(), "NOTIFY");
  EXPECT_EQ(notify.call_id(), subscribe.call_id());
  EXPECT_EQ(*notify.find("Content-Length"), "43");
  EXPECT_EQ(notify.body(), "http://prov.server.com/prov.py?mac=<MACADR>");
}

TEST(SipCapture, OurAnswerToTheCapturedNotifyIsTheCapturedOne) {
  const auto datagrams = test::read_udp("full_boot", 5060);
  ASSERT_EQ(datagrams.size(), 4U);
  const auto notify = SipMessage::parse(datagrams[2].payload);
  ASSERT_TRUE(notify);
  const SipMessage answer =
      SipMessage::response_to(*notify, 200, "OK", "unused", datagrams[2].from);
  EXPECT_EQ(answer.serialize(), text_of(datagrams[3].payload));
}

TEST(SipCapture, EveryTruncationIsReadWithoutHarmAndOnlyTheWholeIsAccepted) {
  for (const auto& datagram : test::read_udp("full_boot", 5060)) {
    for (std::size_t length = 0; length < datagram.payload.size(); ++length) {
      // An own allocation of that size lets the address sanitizer see a read beyond it.
      const Bytes cut(datagram.payload.begin(),
                      datagram.payload.begin() + static_cast<std::ptrdiff_t>(length));
      EXPECT_FALSE(SipMessage::parse(cut)) << length;
    }
  }
}

TEST(SipCapture, EveryFlippedOctetIsReadWithoutHarm) {
  for (const auto& datagram : test::read_udp("full_boot", 5060)) {
    for (std::size_t i = 0; i < datagram.payload.size(); ++i) {
      for (const std::uint8_t octet :
           {0x00, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x3a, 0x3b, 0x3c, 0xff}) {
        Bytes changed = datagram.payload;
        changed[i] = octet;
        const auto message = SipMessage::parse(changed);
        if (!message) continue;
        const auto again = SipMessage::parse(bytes_of(message->serialize()));
        EXPECT_TRUE(again) << "octet " << i << " set to " << int{octet};
      }
    }
  }
}

TEST(SipMessage, HostileShapesAreReadInLinearTime) {
  const std::size_t room = SipMessage::kMaximumSize - 300;
  const auto repeat = [&](std::string_view piece) {
    std::string out;
    while (out.size() + piece.size() < room) out += piece;
    return out;
  };
  for (const std::string& hostile :
       {repeat("v: a\r\n"), "Subject: x\r\n" + repeat(" y\r\n"), "Event: " + repeat(";") + "\r\n",
        "Via: " + repeat(",") + "\r\n", "Contact: " + repeat("<\"") + "\r\n", repeat("\r\n"),
        repeat("a"), repeat(":\r\n"), "To: " + repeat("\\\"") + "\r\n"}) {
    const auto message = NotifyBuilder().raw(hostile).parse();
    if (message) {
      message->values("Via");
      message->values("Contact");
      message->event_package();
    }
  }
}

}  // namespace
}  // namespace provlab::net
