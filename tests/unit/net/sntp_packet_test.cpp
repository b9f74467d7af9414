#include "core/net/sntp_packet.hpp"

#include <gtest/gtest.h>

#include "sim/text/parse.hpp"
#include "tests/ntp_octets.hpp"
#include "tests/unit/net/pcap_reader.hpp"

namespace provlab::net {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;
using test::to_ntp_timestamp;

WallTime at(std::string_view text) {
  return parse_wall_time(text).value();
}

TEST(NtpTimestamp, CountsFrom1900) {
  EXPECT_EQ(to_ntp_timestamp(at("1970-01-01T00:00:00Z")), NtpTimestamp{2208988800U} << 32);
  EXPECT_EQ(to_wall_time(NtpTimestamp{2208988800U} << 32), at("1970-01-01T00:00:00Z"));
}

TEST(NtpTimestamp, HasItsFractionInTheLowerHalf) {
  EXPECT_EQ(to_ntp_timestamp(at("1970-01-01T00:00:00.5Z")) & 0xffffffffU, 0x80000000U);
  EXPECT_EQ(to_wall_time((NtpTimestamp{2208988800U} << 32) | 0x40000000U),
            at("1970-01-01T00:00:00.25Z"));
}

TEST(NtpTimestamp, RollsOverInFebruary2036) {
  EXPECT_EQ(to_wall_time(NtpTimestamp{0xffffffffU} << 32), at("2036-02-07T06:28:15Z"));
  EXPECT_EQ(to_wall_time(NtpTimestamp{1}), at("2036-02-07T06:28:16Z"));
  EXPECT_EQ(to_wall_time(NtpTimestamp{3600} << 32), at("2036-02-07T07:28:16Z"));
  EXPECT_EQ(to_ntp_timestamp(at("2036-02-07T06:28:17Z")), NtpTimestamp{1} << 32);
}

TEST(NtpTimestamp, SurvivesTheRoundTripToWithinANanosecond) {
  for (const char* text : {"1971-02-03T04:05:06.789Z", "2026-03-01T08:00:00.000000001Z",
                           "2026-03-01T08:00:00.999999999Z", "2040-12-31T23:59:59.123456789Z"}) {
    const Duration error = to_wall_time(to_ntp_timestamp(at(text))) - at(text);
    EXPECT_LE(error, nanoseconds(1)) << text;
    EXPECT_GE(error, nanoseconds(-1)) << text;
  }
}

TEST(NtpTimestamp, DifferencesAreSignedAndCrossTheEra) {
  const NtpTimestamp before = to_ntp_timestamp(at("2036-02-07T06:28:15Z"));
  const NtpTimestamp after = to_ntp_timestamp(at("2036-02-07T06:28:17.5Z"));
  EXPECT_EQ(ntp_difference(after, before), std::chrono::milliseconds(2500));
  EXPECT_EQ(ntp_difference(before, after), -std::chrono::milliseconds(2500));
}

TEST(SntpPacket, ReadsTheReplyOfTheCapturedBoot) {
  const auto captured = test::read_udp("full_boot", 123);
  ASSERT_EQ(captured.size(), 2U);
  const auto request = SntpPacket::parse(captured[0].payload);
  const auto reply = SntpPacket::parse(captured[1].payload);
  ASSERT_TRUE(request && reply);
  EXPECT_EQ(request->mode, 3);
  EXPECT_EQ(reply->mode, 4);
  EXPECT_EQ(reply->leap, 0);
  EXPECT_EQ(reply->stratum, 8);
  EXPECT_EQ(reply->origin, request->transmit);
  EXPECT_EQ(std::chrono::floor<seconds>(to_wall_time(reply->transmit)), at("2026-11-22T19:54:40Z"));
  const Duration processing = ntp_difference(reply->transmit, reply->receive);
  EXPECT_GT(processing, std::chrono::microseconds(50));
  EXPECT_LT(processing, std::chrono::microseconds(60));
}

TEST(SntpPacket, ReadsAnUnsynchronisedServerOfTheCapture) {
  const auto captured = test::read_udp("ntp_unsync", 123);
  ASSERT_EQ(captured.size(), 2U);
  const auto reply = SntpPacket::parse(captured[1].payload);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->leap, 3);
  EXPECT_EQ(reply->stratum, 0);
}

TEST(SntpPacket, ReadsEachFieldInItsPlace) {
  SntpPacket packet;
  packet.leap = 1;
  packet.mode = 4;
  packet.stratum = 2;
  packet.reference_id = {'G', 'P', 'S', 0};
  packet.origin = 0x0102030405060708U;
  packet.receive = 0x1112131415161718U;
  packet.transmit = 0x2122232425262728U;
  const auto again = SntpPacket::parse(test::octets_of(packet));
  ASSERT_TRUE(again);
  EXPECT_EQ(again->leap, 1);
  EXPECT_EQ(again->mode, 4);
  EXPECT_EQ(again->stratum, 2);
  EXPECT_EQ(again->origin, packet.origin);
  EXPECT_EQ(again->receive, packet.receive);
  EXPECT_EQ(again->transmit, packet.transmit);
  EXPECT_EQ(again->kiss_code(), "GPS?");
}

TEST(SntpRequest, TellsNothingButVersionModeAndTransmit) {
  const auto bytes = sntp_request(0x0102030405060708U);
  EXPECT_EQ(bytes[0], 0x23);
  for (std::size_t i = 1; i < 40; ++i) EXPECT_EQ(bytes[i], 0) << i;
  for (std::size_t i = 40; i < 48; ++i) EXPECT_EQ(bytes[i], i - 39) << i;
}

TEST(SntpPacket, EveryTruncationOfACaptureIsRefused) {
  const auto captured = test::read_udp("full_boot", 123);
  for (std::size_t length = 0; length < 48; ++length) {
    EXPECT_FALSE(SntpPacket::parse(BytesView(captured.at(1).payload).first(length))) << length;
  }
}

TEST(SntpPacket, IgnoresWhatFollowsTheHeader) {
  Bytes datagram = test::read_udp("full_boot", 123).at(1).payload;
  datagram.resize(68, 0xaa);
  EXPECT_TRUE(SntpPacket::parse(datagram));
}

}  // namespace
}  // namespace provlab::net
