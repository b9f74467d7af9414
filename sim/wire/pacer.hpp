#pragma once
#include <algorithm>
#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "sim/wire/port.hpp"

namespace provlab::wire {

/// How much later than they should events of a paced world ran.
class Lag {
 public:
  void add(Duration by);
  std::uint64_t events() const { return events_; }
  std::uint64_t over_a_millisecond() const { return late_; }
  Duration worst() const { return worst_; }
  /// A turn of the loop took so long, in which it saw neither clock nor frames.
  void add_turn(Duration took) { longest_turn_ = std::max(longest_turn_, took); }
  Duration longest_turn() const { return longest_turn_; }
  /// No more than so much for this share of the events, to a power of two of microseconds.
  Duration quantile(double share) const;

 private:
  std::array<std::uint64_t, 40> buckets_{};  ///< below 2^i microseconds
  std::uint64_t events_ = 0;
  std::uint64_t late_ = 0;
  Duration worst_{};
  Duration longest_turn_{};
};

struct PacerOptions {
  /// SCHED_FIFO where that is allowed, while it runs: the loop waits, it never spins.
  bool realtime = false;
  /// Called between events of the world, when nothing is under way within one.
  std::function<void()> between_steps{};
};

/// Runs a world by the real clock, together with its ports to a wire (D36).
///  1. An event runs when the clock has reached it, and sees the moment at which it was due, so
///  what is late keeps the order that it has in virtual time.
///  2. In each turn all events that are due run first, then up to 64 frames are taken: with frames
///  first, a busy wire would let the world fall behind without end.
///  3. Waiting ends at the next event, at the next frame, or at wake().
///  4. Events that ran more than a millisecond late are recorded, once a turn.
class Pacer {
 public:
  /// The port may be null. Both must outlive the pacer. The clock goes from here.
  Pacer(world::World& world, Port* port, const PacerOptions& options = {});
  ~Pacer();
  Pacer(const Pacer&) = delete;
  Pacer& operator=(const Pacer&) = delete;

  /// Until `done()` holds, which is asked once a turn, or `limit` is reached: then false. An error
  /// where the interface is gone.
  Expected<bool> run(const std::function<bool()>& done, Instant limit);
  /// From any thread and from signal handlers: a waiting run() asks `done()` again.
  void wake() noexcept;
  /// One more port, which must outlive the pacer too.
  void add(Port& port);
  const Lag& lag() const { return lag_; }
  Instant clock() const;

 private:
  struct Plug {
    Plug(Port& plugged, asio::io_context& context) : port(plugged), frames(context) {}
    Port& port;
    asio::posix::stream_descriptor frames;
    bool watched = false;
  };

  void run_due();
  Expected<std::size_t> take_frames();
  void wait_until(Instant moment);
  void watch(asio::posix::stream_descriptor& descriptor, bool& watched, bool drain);

  world::World& world_;
  PacerOptions options_;
  std::chrono::steady_clock::time_point zero_;
  Lag lag_;
  asio::posix::stream_descriptor timer_;
  asio::posix::stream_descriptor waker_;
  std::vector<std::unique_ptr<Plug>> plugs_;
  bool timer_watched_ = false;
  bool waker_watched_ = false;
};

}  // namespace provlab::wire
