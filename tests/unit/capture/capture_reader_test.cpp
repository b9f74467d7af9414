#include "sim/lab/capture/capture_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "sim/lab/capture/link_layer.hpp"
#include "tests/unit/capture/capture_octets.hpp"

namespace provlab::lab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Read {
  std::vector<std::int64_t> times;
  std::vector<int> links;
  std::vector<std::string> octets;
  std::vector<std::string> payloads;  ///< of what look_through() finds
  std::string trouble;
  std::string secrets;
};

Read read_all(const std::string& file) {
  auto reader = CaptureReader::of_octets(file);
  Read read;
  if (!reader) {
    read.trouble = "refused: " + reader.error().text;
    return read;
  }
  CapturedFrame frame;
  while ((*reader)->next(frame)) {
    read.times.push_back(frame.time);
    read.links.push_back(frame.link);
    read.octets.emplace_back(text_of(frame.octets));
    if (const auto seen = look_through(frame)) {
      read.payloads.emplace_back(text_of(carried_by(*seen)));
    }
  }
  read.trouble = (*reader)->trouble();
  read.secrets = (*reader)->secrets();
  return read;
}

std::string gzip(const std::string& text) {
  std::string out(text.size() + 1000, '\0');
  z_stream zlib{};
  deflateInit2(&zlib, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  zlib.avail_in = static_cast<uInt>(text.size());
  zlib.next_out = reinterpret_cast<Bytef*>(out.data());
  zlib.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&zlib, Z_FINISH), Z_STREAM_END);
  out.resize(zlib.total_out);
  deflateEnd(&zlib);
  return out;
}

TEST(CaptureReader, PcapOfMicrosecondsInEitherOrderOfOctets) {
  for (const bool little : {true, false}) {
    const Read read =
        read_all(pcap_head(1, false, little) + pcap_frame(udp_frame("one"), 10, 5, 0, little));
    EXPECT_THAT(read.times, ElementsAre(10'000'005'000));
    EXPECT_THAT(read.payloads, ElementsAre("one"));
    EXPECT_THAT(read.trouble, IsEmpty());
  }
}

TEST(CaptureReader, PcapOfNanoseconds) {
  const Read read = read_all(pcap_head(1, true) + pcap_frame(udp_frame("one"), 10, 5));
  EXPECT_THAT(read.times, ElementsAre(10'000'000'005));
}

TEST(CaptureReader, InterfacesOfAPcapngHaveTheirOwnLinksAndClocks) {
  const std::string frame = udp_frame("one");
  const std::string nanoseconds("\x09\0\x01\0\x09\0\0\0\0\0\0\0", 12);
  const std::string halves("\x09\0\x01\0\x81\0\0\0\x0e\0\x08\0\x05\0\0\0\0\0\0\0\0\0\0\0", 24);
  const Read read =
      read_all(pcapng_section() + pcapng_interface(1) + pcapng_interface(kLinkRawIp, nanoseconds) +
               pcapng_interface(1, halves) + pcapng_packet(0, 2'000'000, frame) +
               pcapng_packet(1, 2'000'000'001, frame.substr(14)) + pcapng_packet(2, 5, frame));
  EXPECT_THAT(read.times, ElementsAre(2'000'000'000, 2'000'000'001, 7'500'000'000));
  EXPECT_THAT(read.links, ElementsAre(1, kLinkRawIp, 1));
  EXPECT_THAT(read.payloads, ElementsAre("one", "one", "one"));
  EXPECT_THAT(read.trouble, IsEmpty());
}

TEST(CaptureReader, SectionOfAPcapngChangesTheOrderOfOctets) {
  const Read read =
      read_all(pcapng_section() + pcapng_interface(1) + pcapng_packet(0, 1, udp_frame("a")) +
               pcapng_section(false) + pcapng_interface(1, {}, false) +
               pcapng_packet(0, 2, udp_frame("b"), false));
  EXPECT_THAT(read.payloads, ElementsAre("a", "b"));
  EXPECT_THAT(read.trouble, IsEmpty());
}

TEST(CaptureReader, PcapngCarriesKeysAndWhatIsOfNoInterest) {
  std::string keys;
  add_number(keys, 0x544c534b, 4);
  add_number(keys, 6, 4);
  keys += "CLIENT";
  const Read read =
      read_all(pcapng_section() + pcapng_block(10, keys) + pcapng_block(0x0bad, "whatever") +
               pcapng_interface(1) + pcapng_packet(0, 1, udp_frame("a")));
  EXPECT_EQ(read.secrets, "CLIENT");
  EXPECT_THAT(read.payloads, SizeIs(1));
}

TEST(CaptureReader, GzipIsUnpackedMemberAfterMember) {
  const std::string file = pcap_head() + pcap_frame(udp_frame("one"), 1, 0);
  EXPECT_THAT(read_all(gzip(file)).payloads, ElementsAre("one"));
  EXPECT_THAT(read_all(gzip(file.substr(0, 30)) + gzip(file.substr(30))).payloads,
              ElementsAre("one"));
}

TEST(CaptureReader, GzipThatBreaksOffIsReadUpToThere) {
  std::string noise;
  for (unsigned i = 0; i < 3000; ++i) noise += static_cast<char>(i * i * 2654435761U >> 13);
  const std::string packed = gzip(pcap_head() + pcap_frame(udp_frame("one"), 1, 0) +
                                  pcap_frame(udp_frame(noise.substr(0, 1400)), 2, 0) +
                                  pcap_frame(udp_frame(noise.substr(1400, 1400)), 3, 0));
  const Read read = read_all(packed.substr(0, packed.size() / 2));
  EXPECT_THAT(read.payloads, SizeIs(1));
  EXPECT_THAT(read.trouble, HasSubstr("ends too early"));
}

TEST(CaptureReader, EveryCutOfAFileIsReadOrRefusedWithASentence) {
  const std::string frame = udp_frame("one");
  for (const std::string& file :
       {pcap_head() + pcap_frame(frame, 1, 0),
        pcapng_section() + pcapng_interface(1) + pcapng_packet(0, 1, frame)}) {
    for (std::size_t size = 0; size < file.size(); ++size) {
      const Read read = read_all(file.substr(0, size));
      EXPECT_THAT(read.octets, IsEmpty()) << size;
    }
    EXPECT_THAT(read_all(file).octets, SizeIs(1));
  }
}

TEST(CaptureReader, LengthOfFourGigabytesIsDamage) {
  std::string pcap = pcap_head() + pcap_frame(udp_frame("one"), 1, 0);
  add_number(pcap, 2, 4);
  add_number(pcap, 0, 4);
  add_number(pcap, 0xfffffff0, 4);
  add_number(pcap, 0xfffffff0, 4);
  const Read first = read_all(pcap);
  EXPECT_THAT(first.octets, SizeIs(1));
  EXPECT_FALSE(first.trouble.empty());
  std::string pcapng = pcapng_section();
  add_number(pcapng, 6, 4);
  add_number(pcapng, 0xfffffffc, 4);
  EXPECT_THAT(read_all(pcapng).trouble, HasSubstr("4294967292 octets"));
}

TEST(CaptureReader, WhatIsNoCaptureIsRefused) {
  EXPECT_THAT(read_all("<scenario/>").trouble, HasSubstr("begins neither as pcap"));
  EXPECT_THAT(read_all("").trouble, HasSubstr("is empty"));
  EXPECT_FALSE(CaptureReader::open("/nonexistent.pcap").has_value());
}

TEST(CaptureReader, GzipThatGrowsTooMuchSaysSo) {
  const std::string bomb = pcap_head() + std::string(std::size_t{48} << 20, '\0');
  const Read read = read_all(gzip(bomb));
  EXPECT_THAT(read.trouble, HasSubstr("grows to more than 250 times its size"));
  EXPECT_THAT(read.trouble, HasSubstr("gunzip"));
}

TEST(CaptureReader, SecondsOfPcapHaveNoSign) {
  auto reader = CaptureReader::of_octets(pcap_head() + pcap_frame(udp_frame("one"), 0xf0000000, 5));
  ASSERT_TRUE(reader);
  CapturedFrame frame;
  ASSERT_TRUE((*reader)->next(frame));
  EXPECT_EQ(frame.time, 0xf0000000LL * 1'000'000'000 + 5000);
}

TEST(CaptureReader, OtherLinksAreNamed) {
  auto reader = CaptureReader::of_octets(pcap_head(105) + pcap_frame("beacon", 1, 0));
  ASSERT_TRUE(reader);
  EXPECT_THAT(find_phones(**reader).trouble, HasSubstr("link type 105 are not read"));
}

TEST(LinkLayer, TagsCookedFramesAndLoopbackAreSteppedOver) {
  const std::string frame = udp_frame("one");
  const std::string ip = frame.substr(14);
  const std::string tagged =
      frame.substr(0, 12) + std::string("\x88\xa8\x00\x05\x81\x00\x00\x07\x08\x00", 10) + ip;
  const std::string cooked = std::string("\0\0\0\x01\0\x06\0\x09\x52\0\0\x0e\0\0\x08\0", 16) + ip;
  const std::string cooked2 =
      std::string("\x08\0\0\0\0\0\0\x02\0\x01\0\x06\0\x09\x52\0\0\x0e\0\0", 20) + ip;
  const std::string loop = std::string("\x02\0\0\0", 4) + ip;
  const std::vector<std::pair<int, std::string>> all{{kLinkEthernet, tagged},
                                                     {kLinkCooked, cooked},
                                                     {kLinkCooked2, cooked2},
                                                     {kLinkNull, loop},
                                                     {kLinkRawIp, ip}};
  for (const auto& [link, octets] : all) {
    const CapturedFrame captured{.link = link, .whole = octets.size(), .octets = bytes_of(octets)};
    const auto seen = look_through(captured);
    ASSERT_TRUE(seen) << link;
    EXPECT_EQ(text_of(carried_by(*seen)), "one") << link;
    const bool named = link == kLinkEthernet || link == kLinkCooked || link == kLinkCooked2;
    EXPECT_EQ(seen->source.has_value(), named) << link;
    if (named) {
      EXPECT_EQ(*seen->source, kPhoneMac) << link;
    }
    EXPECT_EQ(seen->vlan, link == kLinkEthernet ? std::optional<std::uint16_t>(7) : std::nullopt);
  }
}

TEST(LinkLayer, CutFrameSaysHowLongItWas) {
  const std::string frame = udp_frame("one and two");
  const CapturedFrame captured{.whole = frame.size(), .octets = bytes_of(frame).first(45)};
  const auto seen = look_through(captured);
  ASSERT_TRUE(seen);
  EXPECT_EQ(text_of(carried_by(*seen)), "one");
  EXPECT_EQ(seen->whole, 8 + 11);
}

TEST(LinkLayer, PaddingIsNoPayload) {
  const std::string frame = udp_frame("one") + std::string(20, '\0');
  const CapturedFrame captured{.whole = frame.size(), .octets = bytes_of(frame)};
  EXPECT_EQ(text_of(carried_by(*look_through(captured))), "one");
}

}  // namespace
}  // namespace provlab::lab
