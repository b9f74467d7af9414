#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/time.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

/// What a run may take of the machine (D46). The largest of the library has 1,716 events.
struct RunLimits {
  std::uint64_t events = 2'000'000;                 ///< in the trace
  std::uint64_t octets = std::uint64_t{512} << 20;  ///< World::octets(), a run
  Duration wall = std::chrono::seconds(60);         ///< by `clock`
  std::function<Duration()> clock{};                ///< the real one; without it `wall` counts not
  /// Whether nobody wants to know any more, from any thread; asked as often as the clock.
  std::function<bool()> enough{};
};

/// Ends a run in its middle because RunLimits::enough says so: half of it is no verdict. It is no
/// std::exception, so that nobody takes it for a fault.
struct RunAbandoned {};

/// Watches over the limits of one run, and costs next to nothing while there is no danger.
///  1. exceeded() is called between steps of the world. The events are counted every time, memory
///  and the clock every kStepsBetweenLooks. Who is not asked for each step calls look().
///  2. A run that goes on for ever within one step cannot be seen here; the world ends it
///  (world::WorldStalled), and stalled() takes that in.
///  3. Once a limit is exceeded stop() tells the trace, as its last event.
///  4. Where it is enough, looking throws RunAbandoned.
class RunGuard {
 public:
  /// Both must outlive it. The clock starts here.
  RunGuard(const RunLimits& limits, world::World& world);

  bool exceeded() {
    if (world_.trace().last() > limits_.events) [[unlikely]]
      return take("events");
    return --until_look_ == 0 && look();
  }
  /// At all of them, now.
  bool look();
  bool stopped() const { return !which_.empty(); }
  void stalled() { take("progress"); }
  /// Records RunStopped on a host.
  void stop(HostId host);

 private:
  static constexpr unsigned kStepsBetweenLooks = 1024;

  bool take(std::string_view which) {
    which_ = which;
    return true;
  }
  std::string allowed() const;

  const RunLimits& limits_;
  world::World& world_;
  unsigned until_look_ = kStepsBetweenLooks;
  std::optional<Duration> end_;  ///< by the clock
  std::string_view which_;
};

}  // namespace provlab::lab
