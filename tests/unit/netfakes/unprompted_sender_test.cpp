#include "netfakes/unprompted_sender.hpp"

#include <gmock/gmock.h>

#include "sim/text/parse.hpp"
#include "tests/unit/netfakes/lan.hpp"

namespace provlab::netfakes::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

SipRequest options() {
  SipRequest request;
  request.method = "OPTIONS";
  return request;
}

constexpr SipParties kParties{.local = {kServer, 50000}, .to = {kClient, 5060}, .token = "t1"};

TEST(SipRequestOctets, AreThoseOfAWholeRequest) {
  EXPECT_EQ(to_octets(options(), kParties),
            "OPTIONS sip:192.0.2.50:5060 SIP/2.0\r\n"
            "Via: SIP/2.0/UDP 192.0.2.1:50000;branch=z9hG4bK-t1\r\n"
            "Max-Forwards: 70\r\nFrom: <sip:192.0.2.1:50000>;tag=t1\r\n"
            "To: <sip:192.0.2.50:5060>\r\nCall-ID: t1\r\nCSeq: 1 OPTIONS\r\n"
            "Contact: <sip:192.0.2.1:50000>\r\nContent-Length: 0\r\n\r\n");
}

TEST(SipRequestOctets, SayWhatIsGiven) {
  SipRequest request = options();
  request.uri = "sip:phone@example";
  request.branch = "z9hG4bK-own";
  request.call_id = "one@pbx";
  request.cseq = 9;
  request.body = "hello";
  request.content_type = "text/plain";
  request.headers = {{"via", "SIP/2.0/UDP {local};rport;branch={branch}"},
                     {"Via", "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK-far"},
                     {"Max-Forwards", std::nullopt},
                     {"Subject", "a"},
                     {"content-length", "3"}};
  const std::string text = to_octets(request, kParties);
  EXPECT_THAT(text, StartsWith("OPTIONS sip:phone@example SIP/2.0\r\n"
                               "via: SIP/2.0/UDP 192.0.2.1:50000;rport;branch=z9hG4bK-own\r\n"
                               "Via: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK-far\r\nFrom: "));
  EXPECT_THAT(text, HasSubstr("Call-ID: one@pbx\r\nCSeq: 9 OPTIONS\r\n"));
  EXPECT_THAT(text, testing::EndsWith("Subject: a\r\nContent-Type: text/plain\r\n"
                                      "content-length: 3\r\n\r\nhello"));
  EXPECT_EQ(branch_of(text), "z9hG4bK-own");
}

TEST(SipRequestOctets, HaveNoBranchWithoutAVia) {
  EXPECT_EQ(branch_of("OPTIONS sip:a SIP/2.0\r\nFrom: a\r\n\r\nVia: x;branch=b\r\n"), "");
  EXPECT_EQ(branch_of("OPTIONS sip:a SIP/2.0\r\nv: x;branch=b;rport\r\n\r\n"), "b");
}

class UnpromptedSenderTest : public LanTest {
 protected:
  UnpromptedSenderTest() { EXPECT_TRUE(sender_.start()); }
  void respond(const Inbox::Entry& heard, int status) {
    const auto request = SipMessage::parse(text_of(heard.datagram.payload));
    ASSERT_TRUE(request);
    phone_.send(heard.datagram.from, bytes_of(make_response(*request, heard.datagram.from,
                                                            {.status = status,
                                                             .reason = "Said",
                                                             .local = {},
                                                             .local_tag = "t",
                                                             .header = "Allow",
                                                             .value = "NOTIFY"})));
  }
  Unprompted what_;
  UnpromptedSender sender_{server_};
  Inbox phone_{client_, 5060};
};

TEST_F(UnpromptedSenderTest, SendsAnyOctets) {
  what_.message = Bytes{1, 2, 3};
  sender_.send(what_, {kClient, 5060});
  run();
  EXPECT_EQ(phone_.only().datagram.payload, (Bytes{1, 2, 3}));
  EXPECT_THAT(recorded("answer_sent", "answer"), ElementsAre("send-datagram:datagram"));
}

TEST_F(UnpromptedSenderTest, RepeatsARequestUntilItsResponseAndTellsItsLines) {
  what_.message = options();
  what_.answer.id = "o";
  sender_.send(what_, {kClient, 5060});
  run(600ms);
  ASSERT_THAT(phone_.entries(), SizeIs(2));
  respond(phone_.entries()[0], 405);
  run(1min);
  EXPECT_THAT(phone_.entries(), SizeIs(2));
  EXPECT_THAT(recorded("answer_confirmed", "answer"), ElementsAre("o"));
  EXPECT_THAT(recorded("answer_confirmed", "contents"),
              ElementsAre(testing::AllOf(StartsWith("SIP/2.0 405 Said | Via: "),
                                         HasSubstr(" | Allow: NOTIFY"))));
  // The repetition is answered as well.
  respond(phone_.entries()[1], 405);
  run();
  EXPECT_THAT(recorded("answer_confirmed", "status"), ElementsAre("405", "405"));
}

TEST_F(UnpromptedSenderTest, TellsRequestsOfOneBranchApart) {
  SipRequest first = options();
  first.branch = "z9hG4bK-same";
  first.call_id = "one";
  SipRequest second = first;
  second.call_id = "two";
  Unprompted other;
  what_.message = first;
  what_.answer.id = "1";
  other.message = second;
  other.answer.id = "2";
  sender_.send(what_, {kClient, 5060});
  sender_.send(other, {kClient, 5060});
  run(100ms);
  ASSERT_THAT(phone_.entries(), SizeIs(2));
  respond(phone_.entries()[1], 200);
  respond(phone_.entries()[0], 200);
  run();
  EXPECT_THAT(recorded("answer_confirmed", "answer"), ElementsAre("2", "1"));
}

TEST_F(UnpromptedSenderTest, ExpectsNothingOfAnAck) {
  SipRequest ack = options();
  ack.method = "ACK";
  what_.message = ack;
  sender_.send(what_, {kClient, 5060});
  run(1min);
  EXPECT_THAT(phone_.entries(), SizeIs(1));
}

TEST_F(UnpromptedSenderTest, TellsTheTimeFromItsPort) {
  Inbox clock(client_, 123);
  NtpPush push;
  push.settings.clock = *parse_wall_time("2026-03-01T08:00:00Z");
  what_.message = push;
  sender_.send(what_, {Ipv4Address::broadcast(), 123});
  run();
  EXPECT_EQ(clock.only().datagram.from, (Endpoint{kServer, 123}));
  ASSERT_EQ(clock.only().datagram.payload.size(), 48u);
  EXPECT_EQ(clock.only().datagram.payload[0], 0x25);  // version 4, mode 5
}

TEST_F(UnpromptedSenderTest, DemandsARenewal) {
  Inbox client(client_, 68);
  DhcpPush push;
  push.client = kClientMac;
  push.transaction = 0x01020304;
  push.options = {{61, {9}}};
  what_.message = push;
  sender_.send(what_, {kClient, 68});
  run();
  const Datagram& heard = client.only().datagram;
  EXPECT_EQ(heard.from, (Endpoint{kServer, 67}));
  const Bytes options{53, 1, 9, 54, 4, 192, 0, 2, 1, 61, 1, 9, 255};
  EXPECT_EQ(Bytes(heard.payload.begin() + 4, heard.payload.begin() + 8), (Bytes{1, 2, 3, 4}));
  EXPECT_EQ(Bytes(heard.payload.begin() + 240, heard.payload.begin() + 253), options);
}

}  // namespace
}  // namespace provlab::netfakes::test
