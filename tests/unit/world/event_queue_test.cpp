#include "sim/world/event_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/record/trace.hpp"
#include "sim/world/random.hpp"

namespace provlab::world {
namespace {

using namespace std::chrono_literals;

struct Queue : testing::Test {
  Trace trace;
  EventQueue queue{trace};
  std::string ran;

  EventQueue::Callback note(char c) {
    return [this, c](error_code) { ran += c; };
  }
  void run_all_until(Instant end) {
    while (queue.next_time() <= end && queue.step()) {
    }
  }
  void run_all() {
    while (queue.step()) {
    }
  }
};

TEST_F(Queue, RunsByTimeThenRankThenSequence) {
  queue.schedule(Instant(2ms), Rank::delivery, note('d'));
  queue.schedule(Instant(1ms), Rank::timer, note('c'));
  queue.schedule(Instant(1ms), Rank::delivery, note('a'));
  queue.schedule(Instant(1ms), Rank::delivery, note('b'));
  run_all();
  EXPECT_EQ(ran, "abcd");
  EXPECT_EQ(queue.now(), Instant(2ms));
}

TEST_F(Queue, SchedulesThePastAsNow) {
  queue.schedule(Instant(5ms), Rank::timer,
                 [&](error_code) { queue.schedule(Instant(1ms), Rank::timer, note('x')); });
  run_all();
  EXPECT_EQ(ran, "x");
  EXPECT_EQ(queue.now(), Instant(5ms));
}

TEST_F(Queue, CancelledEventDoesNotAdvanceTheClock) {
  queue.schedule(Instant(1ms), Rank::timer, note('a'));
  const OperationId late = queue.schedule(Instant(9ms), Rank::timer, note('b'));
  EXPECT_TRUE(queue.take(late));
  EXPECT_FALSE(queue.take(late));
  run_all();
  EXPECT_EQ(ran, "a");
  EXPECT_EQ(queue.now(), Instant(1ms));
}

TEST_F(Queue, ParkedOperationWaitsUntilTaken) {
  const OperationId parked = queue.park(note('p'));
  EXPECT_FALSE(queue.step());
  EXPECT_TRUE(queue.pending(parked));
  queue.take(parked)({});
  EXPECT_EQ(ran, "p");
  EXPECT_FALSE(queue.pending(parked));
}

TEST_F(Queue, OldIdDoesNotReachTheOperationThatReusesItsSlot) {
  const OperationId first = queue.park(note('1'));
  queue.take(first);
  const OperationId second = queue.park(note('2'));
  EXPECT_EQ(first.slot, second.slot);
  EXPECT_FALSE(queue.take(first));
  EXPECT_TRUE(queue.take(second));
}

TEST_F(Queue, TimedReceiveEndsWithTimedOut) {
  error_code result;
  queue.schedule(
      Instant(3ms), Rank::timer, [&](error_code error) { result = error; }, asio::error::timed_out);
  run_all();
  EXPECT_EQ(result, asio::error::timed_out);
}

TEST_F(Queue, BringsBackTheCauseOfScheduling) {
  trace.set_cause(7);
  queue.schedule(Instant(1ms), Rank::timer,
                 [&](error_code) { ran += std::to_string(trace.cause()); });
  trace.set_cause(9);
  queue.schedule(Instant(2ms), Rank::timer,
                 [&](error_code) { ran += std::to_string(trace.cause()); });
  trace.set_cause(0);
  run_all();
  EXPECT_EQ(ran, "79");
}

// Ten thousand random schedules and cancellations against a sorted list.
TEST_F(Queue, KeepsOrderThroughManyCancellations) {
  SeededRandom random(42);
  std::vector<std::pair<std::int64_t, int>> expected;
  std::vector<std::pair<OperationId, std::pair<std::int64_t, int>>> live;
  std::vector<std::pair<std::int64_t, int>> seen;
  for (int i = 0; i < 10'000; ++i) {
    if (!live.empty() && random.below(3) == 0) {
      const auto victim = live.begin() + static_cast<std::ptrdiff_t>(random.below(live.size()));
      ASSERT_TRUE(queue.take(victim->first));
      live.erase(victim);
      continue;
    }
    const auto time = static_cast<std::int64_t>(random.below(1000));
    const OperationId id =
        queue.schedule(Instant(Duration(time)), Rank::timer,
                       [&seen, time, i](error_code) { seen.emplace_back(time, i); });
    live.push_back({id, {time, i}});
  }
  for (const auto& entry : live) expected.push_back(entry.second);
  std::sort(expected.begin(), expected.end());
  run_all();
  EXPECT_EQ(seen, expected);
}

TEST_F(Queue, NotesTimersThatFireAndThoseThatAreTaken) {
  std::vector<EndedWait> waits;
  queue.note_ended_waits(&waits);
  queue.schedule(Instant(1ms), Rank::delivery, note('d'));
  queue.schedule(Instant(2ms), Rank::timer, note('t'));
  const OperationId late = queue.schedule(Instant(9ms), Rank::timer, note('l'));
  run_all_until(Instant(2ms));
  queue.take(late);
  ASSERT_EQ(waits.size(), 2U);
  EXPECT_EQ(waits[0].due, Instant(2ms));
  EXPECT_EQ(waits[0].at, Instant(2ms));
  EXPECT_EQ(waits[1].due, Instant(9ms));
  EXPECT_EQ(waits[1].at, Instant(2ms));
  queue.note_ended_waits(nullptr);
  queue.take(queue.schedule(Instant(9ms), Rank::timer, note('n')));
  EXPECT_EQ(waits.size(), 2U);
}

TEST_F(Queue, MarksWhatIsPendingByItsDistance) {
  EventQueue other(trace);
  other.advance_to(Instant(5ms));
  const auto mark = [](const EventQueue& each) { return each.mark_of_pending(each.now() + 100ms); };
  queue.schedule(Instant(1ms), Rank::timer, note('a'));
  queue.schedule(Instant(2ms), Rank::delivery, note('b'));
  other.schedule(Instant(7ms), Rank::delivery, note('b'));
  EXPECT_NE(mark(queue), mark(other));
  other.schedule(Instant(6ms), Rank::timer, note('a'));
  EXPECT_EQ(mark(queue), mark(other));
  // Nor does what was taken out count, nor what is beyond.
  queue.take(queue.schedule(Instant(3ms), Rank::timer, note('c')));
  other.schedule(Instant(5s), Rank::timer, note('d'));
  EXPECT_EQ(mark(queue), mark(other));
  other.advance_to(Instant(5500us));
  EXPECT_NE(mark(queue), mark(other));
}

}  // namespace
}  // namespace provlab::world
