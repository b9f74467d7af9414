#include "sim/wire/pacer.hpp"

#include <gtest/gtest.h>
#include <sched.h>

namespace provlab::wire {
namespace {

using namespace std::chrono_literals;

/// Whether this process may have real-time priority; tried, as limits and containers decide too.
bool may_be_urgent() {
  const int before = sched_getscheduler(0);
  sched_param priority{};
  sched_getparam(0, &priority);
  sched_param urgent{};
  urgent.sched_priority = 10;
  if (sched_setscheduler(0, SCHED_FIFO, &urgent) != 0) return false;
  EXPECT_EQ(sched_setscheduler(0, before, &priority), 0);
  return true;
}

TEST(Pacer, IsUrgentWhereThatIsAllowedAndOnlyWhileItRuns) {
  const bool allowed = may_be_urgent();
  const int before = sched_getscheduler(0);
  world::World world;
  world.add_host({.name = "host"});
  Pacer pacer(world, nullptr, {.realtime = true});
  int inside = -1;
  const auto ran = pacer.run(
      [&] {
        inside = sched_getscheduler(0);
        return true;
      },
      pacer.clock() + 1s);
  EXPECT_TRUE(ran.value_or(false)) << "it runs all the same where it may not";
  EXPECT_EQ(inside, allowed ? SCHED_FIFO : before);
  EXPECT_EQ(sched_getscheduler(0), before);
}

TEST(Pacer, IsNotUrgentUnlessAskedTo) {
  const int before = sched_getscheduler(0);
  world::World world;
  world.add_host({.name = "host"});
  Pacer pacer(world, nullptr);
  (void)pacer.run(
      [&] {
        EXPECT_EQ(sched_getscheduler(0), before);
        return true;
      },
      pacer.clock() + 1s);
}

}  // namespace
}  // namespace provlab::wire
