#include "sim/lab/play/mishaps.hpp"

#include <gmock/gmock.h>

#include "tests/unit/lab/scenario_text.hpp"

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::SizeIs;

const Variant kNone;

/// A run of the sample without its race.
class Suffering : public ::testing::Test {
 protected:
  void play(const Mishaps& mishaps) {
    play_.emplace(plan_of(without_race()), kNone, 3);
    play_->suffer(mishaps);
    play_->run();
  }
  const Trace& trace() { return play_->trace(); }
  /// When the packet that came first of all without a mishap came in.
  std::vector<Instant> arrivals_of(EventNumber sent) {
    std::vector<Instant> all;
    for (const TraceRecord record : trace()) {
      if (record.is("packet_received") && record.cause() == sent) all.push_back(record.at());
    }
    return all;
  }
  MishapMaker::Arrival shown(std::size_t packet) {
    return play_->mishaps()->arrivals().at(packet - 1);
  }

  std::optional<Play> play_;
};

TEST(MishapToken, ReadsBackAsItWasWritten) {
  const Mishaps mishaps{{3, {Mishap::Kind::later, 1300us}},
                        {5, {Mishap::Kind::lost}},
                        {7, {Mishap::Kind::twice}},
                        {8, {Mishap::Kind::swapped}}};
  EXPECT_EQ(mishap_token(mishaps), "3:+1.3ms,5:lost,7:twice,8:swapped");
  EXPECT_EQ(parse_mishaps(mishap_token(mishaps)), mishaps);
  EXPECT_EQ(parse_mishaps(mishap_token({})), Mishaps{});
}

TEST(MishapToken, IsRefusedWhereItMeansNothing) {
  for (const char* text :
       {"", "3", "3:", "3:1", "x:lost", "0:lost", "7:lost,3:lost", "3:lost,", "3:lost,,4:lost",
        "3:+1", "3:+0s", "3:-1ms", "3:+400000h", "3:gone", "3:lost ", ":lost"}) {
    EXPECT_FALSE(parse_mishaps(text)) << text;
  }
}

TEST(MishapToken, IsToldFromOneOfAnExploration) {
  EXPECT_TRUE(is_mishap_token("3:+1ms"));
  EXPECT_TRUE(is_mishap_token("12:lost,13:twice"));
  for (const char* text : {"3:1", "natural", "a:lost", ":lost", "3:", "seed=7"}) {
    EXPECT_FALSE(is_mishap_token(text)) << text;
  }
}

TEST_F(Suffering, NothingLeavesARunAsItIs) {
  play({});
  Play plain(plan_of(without_race()), kNone, 3);
  plain.run();
  EXPECT_EQ(trace().checksum(), plain.trace().checksum());
  EXPECT_GT(play_->mishaps()->arrivals().size(), 10U);
}

TEST_F(Suffering, ALostPacketNeverComes) {
  play({{4, {Mishap::Kind::lost}}});
  EXPECT_EQ(play_->mishaps()->came(), 1U);
  EXPECT_THAT(arrivals_of(shown(4).sent), SizeIs(0));
}

TEST_F(Suffering, APacketComesTwiceInOneInstant) {
  play({{4, {Mishap::Kind::twice}}});
  EXPECT_EQ(arrivals_of(shown(4).sent), (std::vector{shown(4).at, shown(4).at}));
}

TEST_F(Suffering, APacketComesLaterByExactlyThatMuch) {
  play({{4, {Mishap::Kind::later, Duration(123'456'789)}}});
  EXPECT_EQ(arrivals_of(shown(4).sent), std::vector{shown(4).at + Duration(123'456'789)});
}

TEST_F(Suffering, ASwappedPacketComesRightBehindTheNext) {
  play({{1, {Mishap::Kind::swapped}}});
  // The next offer of the DHCP server, which the first is a retransmission short of.
  EXPECT_EQ(play_->mishaps()->came(), 1U);
  EXPECT_EQ(arrivals_of(shown(1).sent), arrivals_of(shown(2).sent));
}

TEST_F(Suffering, WhatNeverComesAboutIsNotCounted) {
  play({{9'999, {Mishap::Kind::lost}}});
  EXPECT_EQ(play_->mishaps()->came(), 0U);
}

}  // namespace
}  // namespace provlab::lab
