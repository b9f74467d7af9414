#include "sim/lab/neighbours/delay_gap.hpp"

#include <gmock/gmock.h>

namespace provlab::lab {
namespace {

using namespace std::chrono_literals;

TEST(DelayGap, TriesTheMiddleOfTheCoincidencesFirst) {
  DelayGap gap{.from = 10ms, .to = 20ms};
  // With 1, 3, 5 and 7 ms more something comes together with what stays.
  EXPECT_EQ(gap.next({0ms, 2ms, 6ms}, {3ms, 7ms, 27ms}), 15ms);
  EXPECT_EQ(gap.next({0ms, 2ms}, {30ms}), 10ms + 1ns);
}

TEST(DelayGap, LooksNextToItsEndsAndThenInTheMiddle) {
  DelayGap gap{.from = 10ms, .to = 20ms};
  const Duration behind = gap.next({}, {});
  EXPECT_EQ(behind, 10ms + 1ns);
  EXPECT_FALSE(gap.below(behind).is_open());
  DelayGap rest = gap.above(behind);
  const Duration before = rest.next({}, {});
  EXPECT_EQ(before, 20ms - 1ns);
  EXPECT_FALSE(rest.above(before).is_open());
  DelayGap inner = rest.below(before);
  EXPECT_EQ(inner.next({}, {}), 15ms);
  // What the middle came to is no border, so that it is halved on.
  EXPECT_EQ(inner.below(15ms).next({}, {}), inner.from + (15ms - inner.from) / 2);
  EXPECT_EQ(inner.above(15ms).next({}, {}), 15ms + (inner.to - 15ms) / 2);
}

TEST(DelayGap, EndsWithANanosecond) {
  EXPECT_FALSE((DelayGap{.from = 7ns, .to = 8ns}).is_open());
  EXPECT_TRUE((DelayGap{.from = 7ns, .to = 9ns}).is_open());
}

TEST(DelayGap, LooksAtSoManyCoincidencesOnly) {
  std::vector<Duration> moments;
  for (int i = 0; i < 100'000; ++i) moments.push_back(std::chrono::microseconds(i));
  DelayGap gap{.from = 0ms, .to = 10s};
  const Duration next = gap.next(moments, moments);
  EXPECT_GT(next, gap.from);
  EXPECT_LT(next, gap.to);
}

}  // namespace
}  // namespace provlab::lab
