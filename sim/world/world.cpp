#include "sim/world/world.hpp"

#include <fmt/format.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "sim/world/virtual_host.hpp"

namespace provlab::world {

namespace {
constexpr std::uint64_t kMostStepsAtAnInstant = 200'000;
}

World::World(std::uint64_t seed) : seed_(seed), network_(*this, seed ^ 0x6e6574776f726bULL) {}

World::~World() {
  closing_ = true;
  for (const auto& host : hosts_) host->close_all();
  // Destroying a handler unwinds its coroutine, which may post more: repeat until none is left.
  for (;;) {
    bool any = false;
    while (EventQueue::Callback callback = queue_.take_any()) any = true;
    while (context_.poll_one() > 0) any = true;
    if (!any) break;
  }
}

VirtualHost& World::add_host(const HostOptions& options) {
  hosts_.push_back(std::make_unique<VirtualHost>(*this, options, hosts_.size()));
  network_.attach(*hosts_.back());
  return *hosts_.back();
}

VirtualHost* World::find_host(std::string_view name) {
  for (const auto& host : hosts_) {
    if (host->name() == name) return host.get();
  }
  return nullptr;
}

void World::drain() {
  for (std::uint64_t count = 0; context_.poll_one() > 0; ++count) {
    if (count > kMostStepsAtAnInstant) {
      throw WorldStalled(fmt::format("handlers keep posting handlers at {} without end",
                                     to_string(now().time_since_epoch())));
    }
  }
}

bool World::step() {
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

void World::run_until(Instant end) {
  run_until([] { return false; }, end);
  queue_.advance_to(end);
}

void World::run_until_idle(Instant limit) {
  run_until([] { return false; }, limit);
}

void World::at(Instant when, UniqueFunction<void()> action) {
  queue_.schedule(when, Rank::timeline,
                  [action = std::move(action)](error_code) mutable { action(); });
}

void World::abort(OperationId id, error_code error) noexcept {
  if (closing_) return;
  if (EventQueue::Callback callback = queue_.take(id)) {
    post([callback = std::move(callback), error]() mutable { callback(error); });
  }
}

}  // namespace provlab::world
