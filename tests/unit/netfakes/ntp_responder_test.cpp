#include "netfakes/ntp_responder.hpp"

#include <gmock/gmock.h>

#include "sim/text/parse.hpp"
#include "tests/unit/netfakes/lan.hpp"

namespace provlab::netfakes::test {
namespace {

using testing::ElementsAre;

WallTime wall(std::string_view text) {
  return parse_wall_time(text).value();
}

Bytes client_packet(unsigned version = 4) {
  Bytes packet(48);
  packet[0] = static_cast<std::uint8_t>(version << 3 | 3);
  packet[2] = 6;
  for (std::size_t i = 40; i < 48; ++i) packet[i] = static_cast<std::uint8_t>(i);
  return packet;
}

std::uint64_t timestamp(const Bytes& packet, std::size_t offset) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | packet[offset + i];
  return value;
}

class NtpResponderTest : public LanTest {
 protected:
  void serve(NtpConfig config) {
    responder_ = responder_on(server_, std::move(config));
    ASSERT_TRUE(responder_->start());
  }
  const Bytes& ask(const Bytes& packet = client_packet()) {
    inbox_.send({kServer, 123}, packet);
    run();
    return inbox_.only().datagram.payload;
  }
  static NtpConfig at(std::string_view clock) {
    NtpConfig config;
    config.settings.clock = wall(clock);
    return config;
  }

  Inbox inbox_{client_, 123};
  std::unique_ptr<Responder> responder_;
};

TEST_F(NtpResponderTest, AnswersAClientAsAServerOfItsVersion) {
  serve(at("2026-03-01T08:00:00Z"));
  const Bytes reply = ask(client_packet(3));
  ASSERT_EQ(reply.size(), 48u);
  EXPECT_EQ(reply[0], 0 << 6 | 3 << 3 | 4);
  EXPECT_EQ(reply[1], 2);  // stratum
  EXPECT_EQ(reply[2], 6);  // poll as asked
  EXPECT_EQ(inbox_.only().datagram.from, (Endpoint{kServer, 123}));
}

TEST_F(NtpResponderTest, SaysTheVersionAndTheDistanceThatItIsTold) {
  NtpConfig config = at("2026-03-01T08:00:00Z");
  config.settings.version = 1;
  config.settings.root_delay = 20s;
  config.settings.root_dispersion = 1500ms;
  serve(std::move(config));
  const Bytes reply = ask();
  EXPECT_EQ(reply[0], 0 << 6 | 1 << 3 | 4);
  EXPECT_EQ(timestamp(reply, 4), 0x0014000000018000ULL);
}

TEST_F(NtpResponderTest, PutsExtensionFieldsBehindItsHeader) {
  NtpConfig config = at("2026-03-01T08:00:00Z");
  config.settings.extensions = {{0x0204, Bytes{1, 2, 3, 4, 5}}, {0x0104, {}}};
  serve(std::move(config));
  const Bytes reply = ask();
  EXPECT_THAT(Bytes(reply.begin() + 48, reply.end()),
              ElementsAre(2, 4, 0, 12, 1, 2, 3, 4, 5, 0, 0, 0, 1, 4, 0, 4));
  EXPECT_EQ(timestamp(reply, 24), 0x28292a2b2c2d2e2fULL);
}

TEST_F(NtpResponderTest, ReturnsTheClientsTransmitTimestampAsOrigin) {
  serve(at("2026-03-01T08:00:00Z"));
  EXPECT_EQ(timestamp(ask(), 24), 0x28292a2b2c2d2e2fULL);
}

TEST_F(NtpResponderTest, TellsArrivalAndDepartureOnItsOwnClock) {
  NtpConfig config = at("2026-03-01T08:00:00Z");
  config.rules.resize(1);
  config.rules[0].answer.after = 500ms;
  serve(std::move(config));
  const Bytes reply = ask();
  // 2026-03-01T08:00:00Z is 3981340800 in NTP seconds; the request arrives after 1 ms.
  EXPECT_EQ(timestamp(reply, 32) >> 32, 3981340800u);
  EXPECT_EQ(timestamp(reply, 32) & 0xffffffff, (1ULL << 32) / 1000);
  EXPECT_EQ(timestamp(reply, 40) >> 32, 3981340800u);
  EXPECT_EQ(timestamp(reply, 40) & 0xffffffff, (501ULL << 32) / 1000);
  EXPECT_LT(timestamp(reply, 16), timestamp(reply, 32));  // set before it was asked
}

TEST_F(NtpResponderTest, CountsOnInTheEraAfter2036) {
  serve(at("2036-02-07T06:28:17Z"));  // second 1 of era 1
  EXPECT_EQ(timestamp(ask(), 40) >> 32, 1u);
}

TEST_F(NtpResponderTest, RuleSendsAKissOfDeath) {
  NtpConfig config = at("2026-03-01T08:00:00Z");
  config.rules.resize(1);
  NtpSettings kiss;
  kiss.stratum = 0;
  kiss.leap = 3;
  kiss.reference_id = "RATE";
  config.rules[0].settings = std::make_shared<NtpSettings>(kiss);
  serve(std::move(config));
  const Bytes reply = ask();
  EXPECT_EQ(reply[1], 0);
  EXPECT_EQ(reply[0] >> 6, 3);
  EXPECT_EQ(text_of(BytesView(reply).subspan(12, 4)), "RATE");
}

TEST_F(NtpResponderTest, WritesAnAddressAsReference) {
  NtpConfig config = at("2026-03-01T08:00:00Z");
  config.settings.reference_id = "192.0.2.9";
  serve(std::move(config));
  const Bytes reply = ask();
  EXPECT_EQ(Bytes(reply.begin() + 12, reply.begin() + 16), (Bytes{192, 0, 2, 9}));
}

TEST_F(NtpResponderTest, IgnoresOtherModesAndShortPackets) {
  serve(at("2026-03-01T08:00:00Z"));
  Bytes server_mode = client_packet();
  server_mode[0] = 4 << 3 | 4;
  inbox_.send({kServer, 123}, server_mode);
  inbox_.send({kServer, 123}, bytes_of("short"));
  run();
  EXPECT_TRUE(inbox_.entries().empty());
  EXPECT_THAT(recorded("request_ignored", "reason"),
              ElementsAre("mode 4, not a client's", "only 5 octets"));
}

TEST_F(NtpResponderTest, RecordsWhatItTells) {
  serve(at("2026-03-01T08:00:00Z"));
  ask();
  EXPECT_THAT(recorded("request_received", "request"), ElementsAre("time"));
  EXPECT_THAT(recorded("answer_sent", "summary"),
              ElementsAre("2026-03-01T08:00:00.001Z stratum 2"));
}

}  // namespace
}  // namespace provlab::netfakes::test
