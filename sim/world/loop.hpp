#pragma once
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/require.hpp>
#include <stdexcept>
#include <utility>

#include "sim/record/trace.hpp"
#include "sim/world/event_queue.hpp"

namespace provlab::world {

/// A broken promise of the simulated programs: no progress at one instant.
class WorldStalled : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Runs what happens in a world, by one thread: the events of a queue, and between them the
/// coroutines that are ready.
///  1. All that is ready runs before the next event does, and the clock then jumps to that event.
///  2. post() and abort() never call before they return.
///  3. What runs for ever within one instant is stopped by WorldStalled.
///  4. After begin_closing() nothing is started or called any more; what pends is destroyed.
class Loop {
 public:
  Loop() = default;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  Instant now() const { return queue_.now(); }
  /// Runs everything due up to and including `end`; the clock then stands at `end`.
  void run_until(Instant end);
  /// The same, and calls `look()` between events.
  template <class Look>
  void run_until(Instant end, Look&& look) {
    const auto done = [&look] {
      look();
      return false;
    };
    run_until(done, end);
    queue_.advance_to(end);
  }
  /// Runs until `done()` holds, or until nothing is left or `limit` is reached: then false.
  template <class Done>
  bool run_until(Done&& done, Instant limit) {
    for (;;) {
      drain();
      if (done()) return true;
      if (queue_.next_time() > limit || !step()) return false;
    }
  }
  /// Runs until no event is left or `limit` is reached.
  void run_until_idle(Instant limit = Instant::max());
  /// Runs what is due by the clock of set_clock(), in the order and at the times of the queue, and
  /// what that makes ready; the world's clock then shows what that one does. `late(by)` hears of
  /// each event how long after its time it runs. What becomes due meanwhile waits for the next
  /// call.
  template <class Late>
  void run_due(Late&& late) {
    drain();
    const Instant end = actual();
    while (queue_.next_time() <= end) {
      late(actual() - queue_.next_time());
      step();
      drain();
    }
    queue_.advance_to(end);
  }
  /// A clock that goes by itself, for a world that follows it; none for one of virtual time.
  void set_clock(UniqueFunction<Instant()> clock) { clock_ = std::move(clock); }
  /// What the clock shows; in virtual time now().
  Instant actual() { return clock_ ? clock_() : now(); }
  /// Calls `action` at `when`, on context(), before packets and timers of that instant.
  void at(Instant when, UniqueFunction<void()> action);

  asio::io_context& context() { return context_; }
  EventQueue& queue() { return queue_; }
  Trace& trace() { return trace_; }
  const Trace& trace() const { return trace_; }
  std::size_t octets() const { return trace_.octets() + queue_.octets(); }

  /// Lets `handler` run soon, on context(), as consequence of what runs now.
  template <class Handler>
  void post(Handler&& handler);
  /// Completes a pending operation with `error`, from the loop; nothing where it has ended.
  void abort(OperationId id, error_code error) noexcept;
  bool closing() const { return closing_; }
  /// Of packets, in the order in which they are sent in the networks of this loop, from 1.
  std::uint64_t next_packet() { return ++packets_; }

 protected:
  ~Loop() = default;
  void begin_closing() { closing_ = true; }
  /// Destroys every pending handler, and with them the coroutines that wait.
  void destroy_pending();

 private:
  bool step();
  void drain();

  Trace trace_;
  EventQueue queue_{trace_};
  UniqueFunction<Instant()> clock_;
  asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  asio::executor_work_guard<Executor> work_{context_.get_executor()};
  Instant last_instant_{};
  std::uint64_t steps_at_instant_ = 0;
  std::uint64_t packets_ = 0;
  bool closing_ = false;
};

template <class Handler>
void Loop::post(Handler&& handler) {
  // Never inline, also not from inside a handler: the caller may be amid a loop over what the
  // handler would change.
  asio::require(context_.get_executor(), asio::execution::blocking.never)
      .execute([this, cause = trace_.cause(), handler = std::forward<Handler>(handler)]() mutable {
        if (closing_) return;  // destroyed, not called
        trace_.set_cause(cause);
        handler();
      });
}

}  // namespace provlab::world
