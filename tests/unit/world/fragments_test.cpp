#include "sim/world/fragments.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/text/parse.hpp"
#include "sim/world/frame_writer.hpp"
#include "sim/world/random.hpp"

namespace provlab::world {
namespace {

using namespace std::chrono_literals;

struct Fragments : testing::Test {
  Reassembly reassembly;
  FaultCounts faults;
  Instant now{};

  static Packet datagram(std::size_t octets) {
    Packet packet;
    packet.from = *parse_endpoint("192.0.2.100:5060");
    packet.to = *parse_endpoint("224.0.1.75:5060");
    for (std::size_t i = 0; i < octets; ++i) {
      packet.payload.push_back(static_cast<std::uint8_t>(i * 7 + i / 256));
    }
    return packet;
  }
  /// What arrives of it: one piece for each frame.
  static std::vector<IpDatagram> pieces_of(std::size_t octets, std::uint16_t identification = 1) {
    std::vector<IpDatagram> pieces;
    for (const Bytes& frame : write_frames({}, {}, datagram_of(datagram(octets), identification))) {
      EXPECT_LE(frame.size(), 1514U);
      pieces.push_back(std::get<IpDatagram>(read_frame(frame)->content));
    }
    return pieces;
  }
  FrameRead<std::optional<IpDatagram>> take(IpDatagram piece) {
    return reassembly.take(std::move(piece), now, faults);
  }
  /// The payload put together, or nothing.
  std::optional<Bytes> take_all(std::vector<IpDatagram> pieces) {
    std::optional<Bytes> whole;
    for (IpDatagram& piece : pieces) {
      auto taken = take(std::move(piece));
      if (!taken || !*taken) continue;
      EXPECT_FALSE(whole) << "twice";
      const auto message = read_message(**taken);
      if (!message) return std::nullopt;
      whole = std::get<Packet>(*message).payload;
    }
    return whole;
  }
};

TEST_F(Fragments, AreMadeAndPutTogetherInAnyOrder) {
  SeededRandom random(3);
  for (const std::size_t size : {1473UL, 2952UL, 2953UL, 4000UL, 9000UL, 65507UL}) {
    for (int round = 0; round < 5; ++round) {
      std::vector<IpDatagram> pieces = pieces_of(size);
      ASSERT_GT(pieces.size(), 1U);
      for (std::size_t i = pieces.size(); i > 1; --i) {
        std::swap(pieces[i - 1], pieces[random.below(i)]);
      }
      EXPECT_EQ(take_all(std::move(pieces)), datagram(size).payload) << size;
    }
  }
  EXPECT_EQ(reassembly.waiting(), 0U);
  EXPECT_EQ(reassembly.octets(), 0U);
  EXPECT_EQ(faults.total(), 0U);
}

TEST_F(Fragments, NothingIsCutThatFits) {
  EXPECT_EQ(pieces_of(1472).size(), 1U);
  EXPECT_TRUE(pieces_of(1472).front().whole());
}

TEST_F(Fragments, CopiesCountForNothing) {
  std::vector<IpDatagram> pieces = pieces_of(4000);
  pieces.insert(pieces.begin() + 1, pieces.front());
  EXPECT_EQ(take_all(std::move(pieces)), datagram(4000).payload);
}

TEST_F(Fragments, OverlapDropsTheDatagramWhole) {
  std::vector<IpDatagram> pieces = pieces_of(4000);
  IpDatagram overlapping = pieces[1];
  overlapping.offset -= 8;
  ASSERT_TRUE(take(pieces[0]));
  EXPECT_EQ(take(overlapping).error(), FrameFault::fragment_overlap);
  for (const IpDatagram& piece : pieces) {
    EXPECT_EQ(take(piece).error(), FrameFault::fragment_overlap) << "the rest goes too";
  }
  EXPECT_EQ(reassembly.octets(), 0U);
  now += 31s;
  EXPECT_EQ(take_all(pieces), datagram(4000).payload) << "and is forgotten in time";
}

TEST_F(Fragments, SameOffsetWithOtherOctetsIsAnOverlap) {
  std::vector<IpDatagram> pieces = pieces_of(4000);
  ASSERT_TRUE(take(pieces[0]));
  pieces[0].payload[9] ^= 1;
  EXPECT_EQ(take(pieces[0]).error(), FrameFault::fragment_overlap);
}

TEST_F(Fragments, NothingLiesBehindTheLastOne) {
  std::vector<IpDatagram> pieces = pieces_of(4000);
  IpDatagram beyond = pieces.back();
  beyond.offset += 8000;
  ASSERT_TRUE(take(pieces.back()));
  EXPECT_EQ(take(beyond).error(), FrameFault::fragment_overlap);
  pieces = pieces_of(4000, 2);
  beyond = pieces[1];
  beyond.offset += 8000;
  ASSERT_TRUE(take(beyond));
  EXPECT_EQ(take(pieces.back()).error(), FrameFault::fragment_overlap) << "the other way round";
}

TEST_F(Fragments, LengthsThatNoneCanHaveAreRefused) {
  IpDatagram piece = pieces_of(4000).front();
  piece.payload.resize(1001);
  EXPECT_EQ(take(piece).error(), FrameFault::fragment_length);
  piece.payload.clear();
  EXPECT_EQ(take(piece).error(), FrameFault::fragment_length);
  piece.payload.resize(64);
  piece.offset = 65528;
  EXPECT_EQ(take(piece).error(), FrameFault::fragment_too_far);
  EXPECT_EQ(reassembly.waiting(), 0U);
}

TEST_F(Fragments, WhatIsNotCompleteIsGivenUp) {
  const std::vector<IpDatagram> pieces = pieces_of(4000);
  ASSERT_TRUE(take(pieces[0]));
  now += 31s;
  ASSERT_TRUE(take(pieces_of(4000, 2).front()));
  EXPECT_EQ(faults.of(FrameFault::fragment_missing), 1U);
  EXPECT_EQ(reassembly.waiting(), 1U);
}

TEST_F(Fragments, WaitingIsBounded) {
  for (std::uint16_t i = 0; i < 1000; ++i) ASSERT_TRUE(take(pieces_of(4000, i).front()));
  EXPECT_LE(reassembly.waiting(), 64U);
  EXPECT_EQ(faults.of(FrameFault::fragments_too_many), 1000 - reassembly.waiting());
  for (std::uint16_t i = 1000; i < 1100; ++i) {
    std::vector<IpDatagram> pieces = pieces_of(65000, i);
    pieces.pop_back();
    EXPECT_EQ(take_all(std::move(pieces)), std::nullopt);
    EXPECT_LE(reassembly.octets(), 1024U * 1024U);
  }
  EXPECT_EQ(take_all(pieces_of(4000, 5000)), datagram(4000).payload) << "there is always room";
}

}  // namespace
}  // namespace provlab::world
