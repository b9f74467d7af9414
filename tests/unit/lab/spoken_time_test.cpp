#include "sim/lab/trace/spoken_time.hpp"

#include <gtest/gtest.h>

#include "sim/text/parse.hpp"

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;

TEST(SpokenTime, IsInSecondsBelowAMinute) {
  EXPECT_EQ(spoken(0s), "0.000 s");
  EXPECT_EQ(spoken(1052ms), "1.052 s");
  EXPECT_EQ(spoken(59'999ms), "59.999 s");
}

TEST(SpokenTime, IsInItsTwoLargestUnitsFromAMinuteOn) {
  EXPECT_EQ(spoken(60s), "1 min");
  EXPECT_EQ(spoken(61'500ms), "1 min 1 s");
  EXPECT_EQ(spoken(70min), "1 h 10 min");
  EXPECT_EQ(spoken(3601s), "1 h");
  EXPECT_EQ(spoken(26h), "1 d 2 h");
  EXPECT_EQ(spoken(20'000h), "833 d 8 h");
}

TEST(SpokenTime, IsExactWhereItIsPartOfASentence) {
  EXPECT_EQ(spoken_exactly("4215s"), "1 h 10 min 15 s");
  EXPECT_EQ(spoken_exactly("90.25s"), "1 min 30.25 s");
  EXPECT_EQ(spoken_exactly("60.25s"), "1 min 250 ms");
  EXPECT_EQ(spoken_exactly("5min"), "5 min");
  EXPECT_EQ(spoken_exactly("48h"), "2 d");
  EXPECT_EQ(spoken_exactly("24h"), "1 d");
}

TEST(SpokenTime, LeavesShortTimesAndOtherTextsAsTheyAre) {
  for (const char* text : {"0s", "30ms", "59.5s", "-90s", "soon", "", "90"}) {
    EXPECT_EQ(spoken_exactly(text), text);
  }
}

TEST(WallColumn, ShowsTheClockFromAMinuteOn) {
  const WallTime epoch = *parse_wall_time("2026-03-01T08:00:00Z");
  const WallColumn column(epoch, Instant{} + 70min);
  EXPECT_EQ(column.beside(Instant{} + 59s), "         ");
  EXPECT_EQ(column.beside(Instant{} + 60s), " 08:01:00");
  EXPECT_EQ(column.beside(Instant{} + 70min + 500ms), " 09:10:00");
}

TEST(WallColumn, ShowsTheDayWhereThereIsMoreThanOne) {
  const WallTime epoch = *parse_wall_time("2026-03-01T23:00:00Z");
  const WallColumn column(epoch, Instant{} + 2h);
  EXPECT_EQ(column.beside(Instant{} + 30min), " 03-01 23:30:00");
  EXPECT_EQ(column.beside(Instant{} + 90min), " 03-02 00:30:00");
  EXPECT_EQ(column.beside(Instant{}).size(), 15U);
}

TEST(WallColumn, OfWhatIsStillGoingOnBeginsWithTheFirstMinute) {
  const WallColumn column(*parse_wall_time("2026-03-01T23:00:00Z"));
  EXPECT_EQ(column.beside(Instant{} + 59s), "");
  EXPECT_EQ(column.beside(Instant{} + 60s), " 23:01:00");
  EXPECT_EQ(column.beside(Instant{} + 90min), " 03-02 00:30:00");
}

TEST(WallColumn, IsNotThereWhereAllIsWithinAMinute) {
  EXPECT_EQ(WallColumn(WallTime{}, Instant{} + 59s).beside(Instant{} + 30s), "");
}

}  // namespace
}  // namespace provlab::lab
