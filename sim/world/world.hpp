#pragma once
#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/require.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/world/event_queue.hpp"
#include "sim/world/network.hpp"

namespace provlab::world {

class VirtualHost;

/// A broken promise of the simulated programs: no progress at one instant.
class WorldStalled : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct HostOptions {
  std::string name;
  std::optional<InterfaceConfiguration> configuration{};  ///< set at once; a phone starts without
  std::optional<MacAddress> mac{};                        ///< else 02:00:00:00:00:NN in order
  Segment segment = 0;
  Duration latency{};  ///< added to the link's, for packets from and to this host
  double loss = 0;     ///< of packets from and to this host, beside the link's
};

/// A deterministic world: one thread, virtual time from zero, its own network and hosts. Everything
/// that happens in it follows from its seed and from what is put into it. Many worlds may live side
/// by side, each used by one thread at a time.
///
/// Destroying it destroys every pending handler, and with them the coroutines of its hosts; objects
/// that refer to a host (sockets, phones, responders) may die before or after, but must not be
/// used.
class World {
 public:
  explicit World(std::uint64_t seed = 1);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  VirtualHost& add_host(const HostOptions& options);
  VirtualHost* find_host(std::string_view name);
  const std::vector<std::unique_ptr<VirtualHost>>& hosts() const { return hosts_; }

  Instant now() const { return queue_.now(); }
  /// Runs everything due up to and including `end`; the clock then stands at `end`.
  void run_until(Instant end);
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
  /// Calls `action` at `when`, before packets and timers of that instant.
  void at(Instant when, UniqueFunction<void()> action);

  asio::io_context& context() { return context_; }
  EventQueue& queue() { return queue_; }
  Network& network() { return network_; }
  Trace& trace() { return trace_; }
  std::uint64_t seed() const { return seed_; }

  /// Lets `handler` run soon, on context(), as consequence of what runs now.
  template <class Handler>
  void post(Handler&& handler);
  /// Completes a pending operation with `error`, from the loop; nothing where it has ended.
  void abort(OperationId id, error_code error) noexcept;
  /// Whether the world is being destroyed: nothing is started any more.
  bool closing() const { return closing_; }

 private:
  bool step();
  void drain();

  std::uint64_t seed_;
  Trace trace_;
  EventQueue queue_{trace_};
  asio::io_context context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE};
  asio::executor_work_guard<Executor> work_{context_.get_executor()};
  Network network_;
  std::vector<std::unique_ptr<VirtualHost>> hosts_;
  Instant last_instant_{};
  std::uint64_t steps_at_instant_ = 0;
  bool closing_ = false;
};

template <class Handler>
void World::post(Handler&& handler) {
  // Never inline, also not from inside a handler: who cancels or sends may be amid a loop over what
  // the handler would change.
  asio::require(context_.get_executor(), asio::execution::blocking.never)
      .execute([this, cause = trace_.cause(), handler = std::forward<Handler>(handler)]() mutable {
        if (closing_) return;  // destroyed, not called
        trace_.set_cause(cause);
        handler();
      });
}

}  // namespace provlab::world
