#include "sim/lab/capture/phone_traffic.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "sim/lab/capture/byte_streams.hpp"
#include "tests/unit/capture/capture_octets.hpp"

namespace provlab::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

PhoneTraffic traffic_in(const std::string& file) {
  auto first = CaptureReader::of_octets(file);
  const PhonesInFile found = find_phones(**first);
  if (found.phones.empty()) return {};
  auto second = CaptureReader::of_octets(file);
  return traffic_of(**second, found.phones.front());
}

std::vector<std::string> payloads_of(const PhoneTraffic& traffic) {
  std::vector<std::string> payloads;
  for (const SeenPacket& packet : traffic.packets) payloads.push_back(packet.payload);
  return payloads;
}

TEST(PhoneTraffic, MirrorPortShowsAPacketTwice) {
  std::string tagged = udp_frame("one", 7);
  tagged.insert(12, std::string("\x81\0\0\x05", 4));
  const PhoneTraffic traffic =
      traffic_in(pcap_head() + pcap_frame(udp_frame("one", 7), 1, 0) + pcap_frame(tagged, 1, 40) +
                 pcap_frame(udp_frame("one", 8), 1, 80));
  EXPECT_EQ(traffic.duplicates, 1U);
  EXPECT_THAT(payloads_of(traffic), ElementsAre("one", "one")) << "the phone itself said it twice";
}

TEST(PhoneTraffic, SamePacketMuchLaterIsAnother) {
  const PhoneTraffic traffic = traffic_in(pcap_head() + pcap_frame(udp_frame("one", 7), 1, 0) +
                                          pcap_frame(udp_frame("one", 7), 2, 0));
  EXPECT_THAT(traffic.packets, SizeIs(2));
}

TEST(PhoneTraffic, FramesOutOfOrderAreSorted) {
  const PhoneTraffic traffic =
      traffic_in(pcap_head() + pcap_frame(udp_frame("two", 2), 2, 0) +
                 pcap_frame(udp_frame("one", 1), 1, 0) + pcap_frame(udp_frame("three", 3), 3, 0));
  EXPECT_EQ(traffic.disordered, 1U);
  EXPECT_THAT(payloads_of(traffic), ElementsAre("one", "two", "three"));
}

TEST(PhoneTraffic, FragmentsArePutTogether) {
  const std::string text(4000, 'x');
  std::string file = pcap_head();
  for (const Bytes& piece : world::write_frames(
           kServerMac, kPhoneMac, world::datagram_of(packet_of(world::Protocol::udp, text), 9))) {
    file += pcap_frame(text_of(piece), 1, 0);
  }
  EXPECT_THAT(payloads_of(traffic_in(file)), ElementsAre(text));
}

TEST(PhoneTraffic, StrangersAreLeftOut) {
  world::Packet stranger = packet_of(world::Protocol::udp, "secret");
  stranger.source = {{2, 0, 0, 0, 0, 9}};
  stranger.from.address = Ipv4Address::of(192, 0, 2, 9);
  const PhoneTraffic traffic = traffic_in(pcap_head() + pcap_frame(frame_of(stranger), 1, 0) +
                                          pcap_frame(udp_frame("one"), 1, 0));
  EXPECT_THAT(payloads_of(traffic), ElementsAre("one"));
  EXPECT_EQ(traffic.frames, 2U);
}

TEST(PhoneTraffic, PhoneBehindARouterIsKnownByWhatItSays) {
  const std::string request = "GET /?mac=00095200000E&type=D200 HTTP/1.1\r\n\r\n";
  const std::string frame = frame_of(packet_of(world::Protocol::tcp, request)).substr(14);
  const std::string answer =
      frame_of(packet_of(world::Protocol::tcp, "HTTP/1.1 200 OK\r\n\r\n", true)).substr(14);
  const PhoneTraffic traffic =
      traffic_in(pcap_head(kLinkRawIp) + pcap_frame(frame, 1, 0) + pcap_frame(answer, 1, 9));
  ASSERT_THAT(traffic.packets, SizeIs(2));
  EXPECT_TRUE(traffic.packets[0].by_phone);
  EXPECT_FALSE(traffic.packets[1].by_phone);
}

TEST(PhoneTraffic, RecordedExchangesNameTheirPhone) {
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(PROVLAB_TEST_DATA) / "pcaps")) {
    if (entry.path().extension() == ".md") continue;
    auto reader = CaptureReader::open(entry.path().string());
    ASSERT_TRUE(reader) << entry.path();
    const PhonesInFile found = find_phones(**reader);
    EXPECT_THAT(found.trouble, IsEmpty()) << entry.path();
    ASSERT_THAT(found.phones, ::testing::Not(IsEmpty())) << entry.path();
    auto again = CaptureReader::open(entry.path().string());
    const PhoneTraffic traffic = traffic_of(**again, found.phones.front());
    EXPECT_THAT(traffic.packets, ::testing::Not(IsEmpty())) << entry.path();
    EXPECT_TRUE(traffic.packets.front().by_phone) << entry.path();
  }
}

// Streams.

SeenPacket segment(std::uint32_t sequence, std::string payload, std::int64_t time) {
  SeenPacket packet;
  packet.time = time;
  packet.by_phone = true;
  packet.protocol = world::Protocol::tcp;
  packet.from = {kPhoneAddress, 40000};
  packet.to = {kServerAddress, 80};
  packet.sequence = sequence;
  packet.payload = std::move(payload);
  packet.whole = packet.payload.size();
  return packet;
}

SeenPacket syn(std::uint32_t sequence, std::int64_t time) {
  SeenPacket packet = segment(sequence, "", time);
  packet.flags.syn = true;
  return packet;
}

TEST(ByteStreams, SegmentsOutOfOrderAndAgainMakeOneText) {
  const auto connections =
      connections_of({syn(99, 1), segment(103, "def", 2), segment(100, "abc", 3),
                      segment(100, "abcdef", 4), segment(106, "g", 5)});
  ASSERT_THAT(connections, SizeIs(1));
  const SeenStream& stream = connections[0].to_server;
  EXPECT_EQ(stream.octets, "abcdefg");
  EXPECT_EQ(stream.time_of(0), 3);
  EXPECT_EQ(stream.time_of(5), 3) << "it had to wait for what is before it";
  EXPECT_EQ(stream.time_of(6), 5);
  EXPECT_FALSE(stream.gap);
  EXPECT_TRUE(stream.begun);
}

TEST(ByteStreams, WhatIsMissingEndsTheText) {
  const auto connections =
      connections_of({syn(99, 1), segment(100, "abc", 3), segment(200, "xyz", 4)});
  EXPECT_EQ(connections[0].to_server.octets, "abc");
  EXPECT_TRUE(connections[0].to_server.gap);
}

TEST(ByteStreams, NumbersWrapAround) {
  const auto connections =
      connections_of({syn(0xfffffffd, 1), segment(0xfffffffe, "abc", 2), segment(1, "def", 3)});
  EXPECT_EQ(connections[0].to_server.octets, "abcdef");
}

TEST(ByteStreams, AnotherSynBetweenTheSameEndsIsAnotherConnection) {
  const auto connections = connections_of(
      {syn(99, 1), syn(99, 2), segment(100, "one", 3), syn(500, 4), segment(501, "two", 5)});
  ASSERT_THAT(connections, SizeIs(2));
  EXPECT_THAT(connections[0].syns, ElementsAre(1, 2)) << "the first was sent again";
  EXPECT_EQ(connections[1].to_server.octets, "two");
}

TEST(ByteStreams, ConnectionThatBeganBeforeTheCapture) {
  const auto connections = connections_of({segment(500, "abc", 1), segment(503, "def", 2)});
  ASSERT_THAT(connections, SizeIs(1));
  EXPECT_TRUE(connections[0].by_phone);
  EXPECT_FALSE(connections[0].to_server.begun);
  EXPECT_EQ(connections[0].to_server.octets, "abcdef");
}

}  // namespace
}  // namespace provlab::lab
