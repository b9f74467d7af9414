#pragma once
#include <cstdint>
#include <vector>

#include "core/platform/host.hpp"
#include "sim/record/trace.hpp"

namespace provlab::world {

/// Decides between events of one instant (D6): lower runs first; equal ranks run in the order in
/// which they were scheduled. A race or the explorer gives ranks of its own between these.
enum class Rank : std::int16_t {
  timeline = -1000,    ///< what the lab does: power, cables, hands on the phone
  delivery = 0,        ///< a packet arrives
  timer = 1000,        ///< a timer fires: what arrives at the very moment of a timeout was in time
  acknowledge = 2000,  ///< a bare TCP acknowledgement, if no answer carried it
};

/// A timer that has fired, or was taken out before its time.
struct EndedWait {
  EventNumber armed = 0;  ///< the cause in force when it was scheduled
  EventNumber ended = 0;  ///< the last event that was traced before that
  Instant due{};
  Instant at{};  ///< when that was: `due` where it has fired
};

/// The world's future: callbacks ordered by (time, rank, sequence).
///  1. Time never goes backwards: scheduling in the past means now.
///  2. A cancelled event does not advance the clock.
///  3. An operation without a time (parked) waits until it is taken, or is destroyed with the
///  queue.
///  4. Callbacks run from step() only, never from inside schedule() or take().
class EventQueue {
 public:
  /// Room for a datagram handler and the socket it belongs to.
  using Callback = UniqueFunction<void(error_code), 96>;

  /// `trace` keeps the cause: an event remembers the one in force when it was scheduled and brings
  /// it back when it runs (see Trace::cause).
  explicit EventQueue(Trace& trace);

  Instant now() const { return now_; }

  /// Runs `callback(at_time)` at `when`; `at_time` is what a timer ends with: success or timed_out.
  OperationId schedule(Instant when, Rank rank, Callback callback, error_code at_time = {});
  /// Keeps `callback` until take().
  OperationId park(Callback callback);
  /// Takes a pending operation out; empty where it has run, was taken or never was.
  Callback take(OperationId id);
  bool pending(OperationId id) const {
    return id.slot < slots_.size() && slots_[id.slot].generation == id.generation;
  }

  /// Advances to the next event and runs it; false when there is none.
  bool step();
  /// Writes every timer (Rank::timer) that fires, or is taken before its time, to `waits`, which
  /// must outlive the queue; nullptr ends that.
  void note_ended_waits(std::vector<EndedWait>* waits) { ended_waits_ = waits; }
  /// When the next event is due; Instant::max() when there is none.
  Instant next_time();
  /// Equal where the same kinds of events are pending at the same distances from now, as far as
  /// they are due by `end`.
  std::uint64_t mark_of_pending(Instant end) const;
  /// Moves the clock forward without running anything; nothing may be due before `when`.
  void advance_to(Instant when);
  std::uint64_t executed() const { return executed_; }
  /// The memory that it takes, but for what callbacks hold elsewhere.
  std::size_t octets() const {
    return slots_.capacity() * sizeof(Slot) + heap_.capacity() * sizeof(Entry);
  }
  /// Takes any one operation out, for shutdown; empty when none is left.
  Callback take_any();

 private:
  struct Slot {
    Callback callback;
    std::uint32_t generation = 0;
    EventNumber cause = 0;
    Instant due{};  ///< of a timer
    std::uint32_t next_free = 0;
    bool timed_out = false;
    bool timed = false;  ///< has an entry in the heap
    bool timer = false;
  };
  struct Entry {
    Instant time;
    std::uint64_t order;  ///< rank in the upper 16 bits, sequence in the lower 48
    std::uint32_t slot;
    std::uint32_t generation;
    bool before(const Entry& other) const {
      return time != other.time ? time < other.time : order < other.order;
    }
  };

  OperationId allocate(Callback callback);
  Callback release(std::uint32_t slot);
  bool dead(const Entry& entry) const { return slots_[entry.slot].generation != entry.generation; }
  void push(Entry entry);
  void pop();
  void sift_down(std::size_t hole, Entry entry);
  void drop_dead_top();
  void compact();

  Trace& trace_;
  std::vector<Slot> slots_;
  std::vector<Entry> heap_;  ///< four children a node: half the cache misses of a binary heap
  std::uint32_t first_free_ = 0xffffffffU;
  std::uint32_t swept_ = 0;  ///< where take_any() found the last one
  std::size_t dead_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint64_t executed_ = 0;
  Instant now_{};
  std::vector<EndedWait>* ended_waits_ = nullptr;
};

}  // namespace provlab::world
