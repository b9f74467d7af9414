#include "sim/world/loop.hpp"

#include <fmt/format.h>

namespace provlab::world {

namespace {
constexpr std::uint64_t kMostStepsAtAnInstant = 200'000;
}

void Loop::drain() {
  for (std::uint64_t count = 0; context_.poll_one() > 0; ++count) {
    if (count > kMostStepsAtAnInstant) {
      throw WorldStalled(fmt::format("handlers keep posting handlers at {} without end",
                                     to_string(now().time_since_epoch())));
    }
  }
}

bool Loop::step() {
  const Instant next = queue_.next_time();
  if (next == Instant::max()) return false;
  if (next != last_instant_) {
    last_instant_ = next;
    steps_at_instant_ = 0;
  } else if (++steps_at_instant_ > kMostStepsAtAnInstant) {
    throw WorldStalled(fmt::format("the world makes no progress at {}: {} events at that instant",
                                   to_string(next.time_since_epoch()), steps_at_instant_));
  }
  return queue_.step();
}

void Loop::run_until(Instant end) {
  run_until(end, [] {});
}

void Loop::run_until_idle(Instant limit) {
  run_until([] { return false; }, limit);
}

void Loop::at(Instant when, UniqueFunction<void()> action) {
  // On context(), so that Asio tells coroutines at once what the action cancels: from outside it
  // posts that, and they would first see what the action did besides.
  queue_.schedule(when, Rank::timeline, [this, action = std::move(action)](error_code) mutable {
    post(std::move(action));
  });
}

void Loop::abort(OperationId id, error_code error) noexcept {
  if (closing_) return;
  if (EventQueue::Callback callback = queue_.take(id)) {
    post([callback = std::move(callback), error]() mutable { callback(error); });
  }
}

void Loop::destroy_pending() {
  // Destroying a handler unwinds its coroutine, which may post more: repeat until none is left.
  for (;;) {
    bool any = false;
    while (EventQueue::Callback callback = queue_.take_any()) any = true;
    while (context_.poll_one() > 0) any = true;
    if (!any) break;
  }
}

}  // namespace provlab::world
