#include "core/platform/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

namespace provlab {

struct TaskGroup::Member {
  asio::cancellation_signal signal;
  bool begun = false;
  bool cancelled = false;  // before it had begun
};

struct TaskGroup::State {
  explicit State(Host& h) : host(h), ended(h) {}
  Host& host;
  std::list<Member> running;
  Notifier ended;
};

/// The completion of a member. It is part of the outermost frame, so it outlives the other frames
/// where they are destroyed instead of run to their end.
class TaskGroup::Ending {
 public:
  using Position = std::list<Member>::iterator;
  Ending(std::shared_ptr<State> state, Position member, std::shared_ptr<void> owner)
      : owner_(std::move(owner)), state_(std::move(state)), member_(member) {}
  Ending(Ending&&) noexcept = default;
  Ending& operator=(Ending&&) = delete;
  ~Ending() {
    if (state_) state_->running.erase(member_);
  }

  // As a member and not by bind_cancellation_slot(): Asio then tells the task at once, also from
  // outside the loop, instead of posting the address of a signal that may be gone by then.
  using cancellation_slot_type = asio::cancellation_slot;
  cancellation_slot_type get_cancellation_slot() const noexcept { return member_->signal.slot(); }

  void operator()(const std::exception_ptr& failure) {
    const auto state = std::move(state_);
    state->running.erase(member_);
    state->ended.notify_all();
    if (!failure) return;
    try {
      std::rethrow_exception(failure);
    } catch (const boost::system::system_error& error) {
      if (error.code() != asio::error::operation_aborted) throw;
    }
  }

 private:
  std::shared_ptr<void> owner_;  // goes last
  std::shared_ptr<State> state_;
  Position member_;
};

TaskGroup::TaskGroup(Host& host) : state_(std::make_shared<State>(host)) {}

TaskGroup::~TaskGroup() {
  cancel();
}

/// Asio's own frame around a coroutine that has not been suspended awaits once more, outside any
/// try block, and throws there when it is cancelled. So a task that is cancelled before it begins
/// does not begin, and one that has ended is not to be cancelled any more.
Task<> TaskGroup::live(Member& member, Task<> task) {
  if (member.cancelled) co_return;
  member.begun = true;
  std::exception_ptr failure;
  try {
    co_await std::move(task);
  } catch (...) {
    failure = std::current_exception();
  }
  co_await asio::this_coro::throw_if_cancelled(false);
  if (failure) std::rethrow_exception(failure);
}

void TaskGroup::spawn(Task<> task, std::shared_ptr<void> owner) {
  const auto member = state_->running.emplace(state_->running.end());
  asio::co_spawn(state_->host.executor(), live(*member, std::move(task)),
                 Ending(state_, member, std::move(owner)));
}

void TaskGroup::cancel() {
  const auto shared = state_;  // a task that ends at once may destroy this group
  for (auto it = shared->running.begin(); it != shared->running.end();) {
    Member& member = *it++;
    if (member.begun) {
      member.signal.emit(asio::cancellation_type::terminal);
    } else {
      member.cancelled = true;
    }
  }
}

bool TaskGroup::empty() const {
  return state_->running.empty();
}

Task<> TaskGroup::join() {
  const auto shared = state_;
  while (!shared->running.empty()) co_await shared->ended.wait_until(kNever);
}

void Notifier::notify_all() {
  ++notifications_;
  for (const OperationId waiter : waiters_) host_.cancel(waiter);
  waiters_.clear();
}

Task<Notifier::Waited> Notifier::try_wait_until(Instant deadline) {
  const std::uint64_t seen = notifications_;
  auto position = waiters_.end();
  auto token = asio::as_tuple(use_task);
  auto [error] = co_await asio::async_initiate<decltype(token), void(error_code)>(
      [this, deadline, &position](auto handler) {
        detail::start_cancellable(host_, std::move(handler), [&](auto&& completion) {
          const OperationId id =
              host_.start_timer(deadline, std::forward<decltype(completion)>(completion));
          position = waiters_.insert(waiters_.end(), id);
          return id;
        });
      },
      token);
  // notify_all() has taken the waiter off the list
  if (seen != notifications_) co_return Waited::notified;
  waiters_.erase(position);
  co_return error ? Waited::cancelled : Waited::timed_out;
}

Task<bool> Notifier::wait_until(Instant deadline) {
  const Waited waited = co_await try_wait_until(deadline);
  if (waited == Waited::cancelled)
    throw boost::system::system_error(asio::error::operation_aborted);
  co_return waited == Waited::notified;
}

}  // namespace provlab
