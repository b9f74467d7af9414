#include "core/platform/tether.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "core/platform/unique_function.hpp"

namespace provlab {
namespace {

using Handler = UniqueFunction<void(int)>;

TEST(Tether, HandlerCallsItsFunctionOnce) {
  int sum = 0;
  Tether tether;
  Handler handler = tether.tie([&](int number) { sum += number; });
  EXPECT_TRUE(tether.holds());
  handler(3);
  handler(4);
  EXPECT_EQ(sum, 3);
  EXPECT_FALSE(tether.holds());
}

TEST(Tether, HandlerIsHeldWhereverItIsMoved) {
  int sum = 0;
  Tether tether;
  Handler handler = tether.tie([&](int number) { sum += number; });
  Handler elsewhere = std::move(handler);
  handler = tether.tie([&](int number) { sum += 100 * number; });
  elsewhere(1);
  EXPECT_EQ(sum, 0);
  elsewhere = std::move(handler);
  elsewhere(1);
  EXPECT_EQ(sum, 100);
}

TEST(Tether, CutHandlerDoesNothing) {
  int sum = 0;
  Tether tether;
  Handler handler = tether.tie([&](int number) { sum += number; });
  tether.cut();
  handler(1);
  EXPECT_EQ(sum, 0);
}

TEST(Tether, HandlerDoesNothingAfterTheTethersEnd) {
  int sum = 0;
  auto tether = std::make_unique<Tether>();
  Handler handler = tether->tie([&](int number) { sum += number; });
  tether.reset();
  handler(1);
  EXPECT_EQ(sum, 0);
}

TEST(Tether, HandlerThatGoesUncalledLeavesItLoose) {
  Tether tether;
  {
    const Handler handler = tether.tie([](int) {});
  }
  EXPECT_FALSE(tether.holds());
}

TEST(Tether, FunctionMayDestroyIt) {
  int sum = 0;
  std::optional<Tether> tether(std::in_place);
  Handler handler = tether->tie([&](int number) {
    tether.reset();
    sum += number;
  });
  handler(1);
  EXPECT_EQ(sum, 1);
}

TEST(Tether, FunctionMayTieItAnew) {
  int sum = 0;
  Tether tether;
  Handler next;
  Handler handler = tether.tie([&](int number) {
    sum += number;
    next = tether.tie([&](int more) { sum += more; });
  });
  handler(1);
  EXPECT_TRUE(tether.holds());
  next(10);
  EXPECT_EQ(sum, 11);
}

}  // namespace
}  // namespace provlab
