#include "sim/lab/contents/contents.hpp"

#include <gmock/gmock.h>

#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

using namespace std::string_literals;

constexpr Endpoint kPhone{{0xc0000264}, 40000};
constexpr Endpoint kServer{{0xc633640a}, 80};

/// Packets as a network would show them.
class Packets {
 public:
  EventNumber tcp(const Endpoint& from, const Endpoint& to, std::uint32_t sequence,
                  std::string_view payload, world::TcpFlags flags = {}) {
    world::Packet packet;
    packet.protocol = world::Protocol::tcp;
    packet.flags = flags;
    packet.from = from;
    packet.to = to;
    packet.sequence = sequence;
    packet.payload.assign(payload.begin(), payload.end());
    log.sent(packet, ++event_);
    return event_;
  }
  EventNumber udp(Port port, std::string_view payload) {
    world::Packet packet;
    packet.from = kPhone;
    packet.to = {kServer.address, port};
    packet.payload.assign(payload.begin(), payload.end());
    log.sent(packet, ++event_);
    return event_;
  }
  std::vector<PacketContent> contents(const Secrets& secrets = Secrets()) const {
    return read_contents(log, secrets);
  }
  /// What a packet says, headings and all.
  std::string said(EventNumber event) const {
    std::string text;
    for (const PacketContent& each : contents()) {
      if (each.event != event) continue;
      for (const ContentPart& part : each.parts) text += part.heading + "\n" + part.text + "\n";
    }
    return text;
  }
  EventNumber first(EventNumber event) const {
    for (const PacketContent& each : contents()) {
      if (each.event == event) return each.first;
    }
    return 0;
  }

  PacketLog log;

 private:
  EventNumber event_ = 0;
};

TEST(Contents, OfAStreamBelongToThePacketThatBeginsThem) {
  Packets packets;
  packets.tcp(kServer, kPhone, 99, "", {.syn = true});
  const auto head =
      packets.tcp(kServer, kPhone, 100, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nab");
  const auto rest = packets.tcp(kServer, kPhone, 140, "cdef");
  EXPECT_EQ(packets.said(head),
            "Head\nHTTP/1.1 200 OK\nContent-Length: 6\nBody, 6 octets\nabcdef\n");
  EXPECT_EQ(packets.said(rest), "");
}

TEST(Contents, AreSentAgainWhereTheirSequenceNumbersWere) {
  Packets packets;
  packets.tcp(kPhone, kServer, 0xfffffff0U, "", {.syn = true});
  const auto syn = packets.tcp(kPhone, kServer, 0xfffffff0U, "", {.syn = true});
  const auto one = packets.tcp(kPhone, kServer, 0xfffffff1U, "GET /a HTTP/1.1\r\n\r\n");
  const auto again = packets.tcp(kPhone, kServer, 0xfffffff1U, "GET /a HTTP/1.1\r\n\r\n");
  const auto same_size = packets.tcp(kPhone, kServer, 4, "GET /b HTTP/1.1\r\n\r\n");
  const auto half = packets.tcp(kPhone, kServer, 10, "/b HTT");
  EXPECT_EQ(packets.first(syn), 1U);
  EXPECT_EQ(packets.first(one), 0U);
  EXPECT_EQ(packets.first(again), one);
  EXPECT_EQ(packets.first(same_size), 0U);
  EXPECT_EQ(packets.first(half), same_size);
}

TEST(Contents, OfANewConnectionBetweenTheSameEndsAreNotSentAgain) {
  Packets packets;
  packets.tcp(kPhone, kServer, 100, "", {.syn = true});
  packets.tcp(kPhone, kServer, 101, "GET /a HTTP/1.1\r\n\r\n");
  packets.tcp(kPhone, kServer, 120, "", {.fin = true});
  const auto fin = packets.tcp(kPhone, kServer, 120, "", {.fin = true});
  const auto syn = packets.tcp(kPhone, kServer, 700, "", {.syn = true});
  const auto get = packets.tcp(kPhone, kServer, 701, "GET /a HTTP/1.1\r\n\r\n");
  EXPECT_EQ(packets.first(fin), 3U);
  EXPECT_EQ(packets.first(syn), 0U);
  EXPECT_EQ(packets.first(get), 0U);
  EXPECT_THAT(packets.said(get), HasSubstr("GET /a"));
}

TEST(Contents, ThatCameInChunksArePutTogetherAndTheirSecretsHidden) {
  Packets packets;
  const auto event = packets.tcp(kServer, kPhone, 1,
                                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: "
                                 "chunked\r\n\r\n9\r\n<password\r\n3\r\n>s3\r\nf\r\ncret</"
                                 "password>\r\n0\r\n\r\n");
  EXPECT_THAT(packets.said(event),
              AllOf(HasSubstr("Body, 27 octets. It came in 3 chunks."),
                    HasSubstr("<password>***</password>"), Not(HasSubstr("cret"))));
}

TEST(Contents, TellWhatIsOddAboutABody) {
  Packets packets;
  const auto cut =
      packets.tcp(kServer, kPhone, 1, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
  EXPECT_THAT(packets.said(cut), HasSubstr("3 of the 9 octets announced were sent."));
  Packets more;
  const auto long_one =
      more.tcp(kServer, kPhone, 1, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc");
  EXPECT_THAT(more.said(long_one), HasSubstr("2 octets more than announced were sent."));
}

TEST(Contents, ThatAreLongAreCutAndSayByHowMuch) {
  Packets packets;
  const std::string body(kMostPartOctets + 1234, 'x');
  const auto event = packets.udp(5060, "NOTIFY sip:a SIP/2.0\r\nA: b\r\n\r\n" + body);
  EXPECT_THAT(packets.said(event), AllOf(HasSubstr("NOTIFY sip:a SIP/2.0"),
                                         HasSubstr("1234 more octets"), HasSubstr("--pcap")));
  EXPECT_LT(packets.said(event).size(), kMostPartOctets + 400);
}

TEST(Contents, OfAWholeRunHaveALimit) {
  Packets packets;
  for (int i = 0; i < 100; ++i) packets.udp(5060, std::string(4000, 'a'));
  std::size_t octets = 0;
  for (const PacketContent& each : packets.contents()) {
    for (const ContentPart& part : each.parts) octets += part.text.size();
  }
  EXPECT_LE(octets, kMostContentOctets + 100 * 120);
  EXPECT_THAT(packets.contents(), SizeIs(100));
}

TEST(Contents, OfDhcpAreFieldsAndOptionsInTheirOrder) {
  std::string message(236, '\0');
  message[0] = 2;
  message[1] = 1;
  message[2] = 6;
  message += "\x63\x82\x53\x63"s + "\x35\x01\x05"s + "\x42\x1a"s + "http://u:s3cret@prov.local"s +
             "\x33\x04\x00\x00\x0e\x10"s + "\x2b\x06\x01\x04\x70\x72\x6f\x76"s;
  Packets packets;
  const auto event = packets.udp(68, message);
  const std::string said = packets.said(event);
  EXPECT_THAT(
      said, AllOf(HasSubstr(" 53 message type"), HasSubstr("ACK"),
                  HasSubstr("\"http://***@prov.local\""), HasSubstr("3600 s = 1 h 0 min 0 s"),
                  HasSubstr("[1] \"prov\""), HasSubstr("no END option"), Not(HasSubstr("s3cret"))));
  EXPECT_LT(said.find("message type"), said.find("TFTP server name"));
  EXPECT_LT(said.find("TFTP server name"), said.find("lease time"));
}

TEST(Contents, OfDatagramsThatAreCutOffEndThere) {
  for (const Port port : {Port{53}, Port{67}, Port{123}}) {
    for (const std::size_t size : {1U, 3U, 11U, 30U, 47U, 240U}) {
      Packets packets;
      const auto event = packets.udp(port, std::string(size, '\xc0'));
      EXPECT_NE(packets.said(event), "") << port << " " << size;
    }
  }
}

TEST(Contents, InUtf16AreTextAndTheirSecretsHidden) {
  std::string body = "\xff\xfe";
  for (const char c : "<a><password>s3cret</password></a>"s) (body += c) += '\0';
  Packets packets;
  const auto event = packets.tcp(
      kServer, kPhone, 1,
      "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_THAT(packets.said(event), HasSubstr("<a><password>***</password></a>"));
}

/// The run of a scenario, with what its packets say.
std::string contents_of(const std::string& text) {
  const Shared<ScenarioPlan> plan = plan_of(text);
  PacketLog log;
  Play play(plan, plan->variants.front(), plan->seed);
  play.show(log, log);
  play.run();
  std::string said;
  for (const PacketContent& each : read_contents(log, Secrets())) {
    EXPECT_TRUE(play.trace().event(each.event).is("packet_sent"));
    for (const ContentPart& part : each.parts) said += part.heading + "\n" + part.text + "\n";
  }
  return said;
}

TEST(Contents, OfARunAreThoseOfItsServersAndItsPhone) {
  const std::string said = contents_of(kScenario);
  EXPECT_THAT(said, AllOf(HasSubstr("DISCOVER"), HasSubstr("question"), HasSubstr("stratum"),
                          HasSubstr("SUBSCRIBE sip:"), HasSubstr("NOTIFY sip:"), HasSubstr("GET /"),
                          HasSubstr("<telephony><callWaiting>")));
}

TEST(Contents, WithinTlsAreHeardAtTheServer) {
  const std::string text = changed(
      changed(without_race(), "http://prov.server.com/a.xml", "https://prov.server.com/a.xml"),
      "<http host=\"prov\">", "<http host=\"prov\" tls=\"valid\">");
  EXPECT_THAT(contents_of(text), AllOf(HasSubstr("Head (within TLS)\nGET /a.xml HTTP/1.1"),
                                       HasSubstr("Head (within TLS)\nHTTP/1.1 200 OK"),
                                       HasSubstr("<telephony><callWaiting>")));
}

TEST(Contents, CostTheTraceNothing) {
  const Shared<ScenarioPlan> plan = plan_of(kScenario);
  PacketLog log;
  Play seen(plan, plan->variants.front(), plan->seed);
  seen.show(log, log);
  seen.run();
  Play unseen(plan, plan->variants.front(), plan->seed);
  unseen.run();
  EXPECT_EQ(seen.trace().checksum(), unseen.trace().checksum());
}

}  // namespace
}  // namespace provlab::lab
