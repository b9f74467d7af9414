#include "core/platform/timer.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "sim/world/world.hpp"

namespace provlab::world {
namespace {

using namespace std::chrono_literals;

class OwnedTimer : public testing::Test {
 protected:
  /// Runs the world to its end and tells when the timer called, "3ms 5ms".
  std::string calls() {
    world_.run_until_idle();
    return std::move(calls_);
  }
  auto note() {
    return [this] {
      if (!calls_.empty()) calls_ += ' ';
      calls_ += to_string(world_.now().time_since_epoch());
    };
  }

  World world_;
  VirtualHost& host_ = world_.add_host({.name = "host"});
  std::optional<Timer> timer_{std::in_place, host_};
  std::string calls_;
};

TEST_F(OwnedTimer, CallsBackOnceAtItsDeadline) {
  timer_->start(Instant(3ms), note());
  EXPECT_TRUE(timer_->pending());
  EXPECT_EQ(calls(), "3ms");
  EXPECT_FALSE(timer_->pending());
}

TEST_F(OwnedTimer, NeverCallsBackFromStart) {
  timer_->start(Instant(0ms), note());
  EXPECT_EQ(calls_, "");
  EXPECT_EQ(calls(), "0s");
}

TEST_F(OwnedTimer, StartReplacesWhatWasWaitedFor) {
  timer_->start(Instant(3ms), note());
  timer_->start(Instant(5ms), note());
  EXPECT_EQ(calls(), "5ms");
}

TEST_F(OwnedTimer, CancelEndsTheWait) {
  timer_->start(Instant(3ms), note());
  timer_->cancel();
  EXPECT_FALSE(timer_->pending());
  EXPECT_EQ(calls(), "");
  EXPECT_EQ(world_.now(), Instant(0ms));
  timer_->cancel();
}

TEST_F(OwnedTimer, CancelledTimerCanBeStartedInTheSameInstant) {
  timer_->start(Instant(3ms), note());
  timer_->cancel();
  timer_->start(Instant(4ms), note());
  EXPECT_EQ(calls(), "4ms");
}

TEST_F(OwnedTimer, DroppingItCancelsIt) {
  timer_->start(Instant(3ms), note());
  timer_.reset();
  EXPECT_EQ(calls(), "");
  EXPECT_EQ(world_.now(), Instant(0ms));
}

TEST_F(OwnedTimer, CancelDestroysTheCallbackAtOnce) {
  const auto held = std::make_shared<int>(0);
  timer_->start(Instant(3ms), [held] {});
  EXPECT_EQ(held.use_count(), 2);
  timer_->cancel();
  EXPECT_EQ(held.use_count(), 1);
}

TEST_F(OwnedTimer, CallbackMayDestroyItsTimer) {
  timer_->start(Instant(3ms), [this, call = note()]() mutable {
    timer_.reset();
    call();
  });
  EXPECT_EQ(calls(), "3ms");
  EXPECT_FALSE(timer_);
}

TEST_F(OwnedTimer, CallbackMayStartItsTimerAnew) {
  timer_->start(Instant(3ms), [this, call = note()]() mutable {
    call();
    EXPECT_FALSE(timer_->pending());
    timer_->start(Instant(5ms), std::move(call));
  });
  EXPECT_EQ(calls(), "3ms 5ms");
}

TEST_F(OwnedTimer, MayOutliveItsWorld) {
  auto world = std::make_unique<World>();
  Timer timer(world->add_host({.name = "host"}));
  timer.start(Instant(3ms), [] {});
  world.reset();
  EXPECT_FALSE(timer.pending());
}

}  // namespace
}  // namespace provlab::world
