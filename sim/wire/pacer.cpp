#include "sim/wire/pacer.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <utility>

#include "sim/wire/events.hpp"

namespace provlab::wire {

namespace {

constexpr std::size_t kMostFrames = 64;
constexpr Duration kWorthTelling = std::chrono::milliseconds(1);

int owned(int descriptor, const char* what) {
  if (descriptor < 0) throw std::runtime_error(std::string("the kernel gives no ") + what);
  return descriptor;
}

/// SCHED_FIFO for the calling thread as long as this lives, where that is allowed.
class Urgent {
 public:
  explicit Urgent(bool wanted) {
    if (!wanted || pthread_getschedparam(pthread_self(), &policy_, &before_) != 0) return;
    sched_param urgent{};
    urgent.sched_priority = 10;
    raised_ = pthread_setschedparam(pthread_self(), SCHED_FIFO, &urgent) == 0;
  }
  ~Urgent() {
    if (raised_) pthread_setschedparam(pthread_self(), policy_, &before_);
  }
  Urgent(const Urgent&) = delete;
  Urgent& operator=(const Urgent&) = delete;

 private:
  int policy_ = SCHED_OTHER;
  sched_param before_{};
  bool raised_ = false;
};

}  // namespace

void Lag::add(Duration by) {
  const auto microseconds = static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::microseconds>(by).count()));
  ++buckets_[std::min<std::size_t>(std::bit_width(microseconds), buckets_.size() - 1)];
  ++events_;
  late_ += by > kWorthTelling;
  worst_ = std::max(worst_, by);
}

Duration Lag::quantile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(events_));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= wanted && seen > 0) {
      return std::min<Duration>(worst_, std::chrono::microseconds(std::int64_t{1} << i));
    }
  }
  return {};
}

Pacer::Pacer(world::World& world, Port* port, const PacerOptions& options)
    : world_(world),
      options_(options),
      zero_(std::chrono::steady_clock::now() - (world.now() - Instant{})),
      timer_(world.context(),
             owned(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timer")),
      waker_(world.context(), owned(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "event descriptor")) {
  world_.set_clock([this] { return clock(); });
  prctl(PR_SET_TIMERSLACK, 1UL);
  if (port != nullptr) add(*port);
}

void Pacer::add(Port& port) {
  Plug& plug = *plugs_.emplace_back(std::make_unique<Plug>(port, world_.context()));
  if (port.link().descriptor() < 0) return;
  // A copy, which the descriptor's end may close.
  plug.frames.assign(owned(fcntl(port.link().descriptor(), F_DUPFD_CLOEXEC, 0), "descriptor"));
}

Pacer::~Pacer() {
  world_.set_clock({});
  // What still waits in the loop must not touch this any more.
  error_code ignored;
  timer_.close(ignored);
  waker_.close(ignored);
  for (const auto& plug : plugs_) {
    if (plug->frames.is_open()) plug->frames.close(ignored);
  }
  const auto watched = [this] {
    return timer_watched_ || waker_watched_ ||
           std::ranges::any_of(plugs_, [](const auto& plug) { return plug->watched; });
  };
  while (watched()) {
    if (world_.context().poll_one() == 0) break;
  }
}

Instant Pacer::clock() const {
  return Instant{} + std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - zero_);
}

void Pacer::wake() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto put = ::write(waker_.native_handle(), &one, sizeof one);
}

Expected<bool> Pacer::run(const std::function<bool()>& done, Instant limit) {
  const Urgent urgent(options_.realtime);
  for (;;) {
    const Instant begun = clock();
    run_due();
    if (done()) return true;
    if (clock() >= limit) return false;
    const auto taken = take_frames();
    if (!taken) return std::unexpected(taken.error());
    lag_.add_turn(clock() - begun);
    if (*taken > 0) continue;
    wait_until(std::min(world_.queue().next_time(), limit));
  }
}

Expected<std::size_t> Pacer::take_frames() {
  std::size_t all = 0;
  for (const auto& plug : plugs_) {
    const auto taken = plug->port.take_frames(kMostFrames);
    if (!taken) return taken;
    all += *taken;
  }
  return all;
}

void Pacer::run_due() {
  Duration worst{};
  world_.run_due([&](Duration by) {
    lag_.add(by);
    worst = std::max(worst, by);
    if (options_.between_steps) options_.between_steps();
  });
  if (options_.between_steps) options_.between_steps();
  if (worst <= kWorthTelling) return;
  world_.trace().set_cause(0);
  world_.trace().record(world_.hosts().front()->id(), world_.now(), WorldLate{worst});
}

void Pacer::wait_until(Instant moment) {
  if (moment <= clock()) return;
  itimerspec when{};
  if (moment != Instant::max()) {
    const auto at = (zero_ + (moment - Instant{})).time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(at);
    when.it_value.tv_sec = seconds.count();
    when.it_value.tv_nsec = static_cast<long>(std::chrono::nanoseconds(at - seconds).count());
  }
  timerfd_settime(timer_.native_handle(), TFD_TIMER_ABSTIME, &when, nullptr);
  watch(timer_, timer_watched_, true);
  watch(waker_, waker_watched_, true);
  for (const auto& plug : plugs_) {
    if (plug->frames.is_open()) watch(plug->frames, plug->watched, false);
  }
  world_.context().run_one();
}

void Pacer::watch(asio::posix::stream_descriptor& descriptor, bool& watched, bool drain) {
  if (std::exchange(watched, true)) return;
  descriptor.async_wait(
      asio::posix::stream_descriptor::wait_read, [&descriptor, &watched, drain](error_code error) {
        watched = false;
        if (error || !drain) return;
        std::uint64_t count = 0;
        [[maybe_unused]] const auto got = ::read(descriptor.native_handle(), &count, sizeof count);
      });
}

}  // namespace provlab::wire
