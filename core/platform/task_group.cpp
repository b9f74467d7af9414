#include "core/platform/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
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

void TaskGroup::spawn(Task<> task) {
  State& state = *state_;
  const auto member = state.running.emplace(state.running.end());
  asio::co_spawn(state.host.executor(), live(*member, std::move(task)),
                 asio::bind_cancellation_slot(
                     member->signal.slot(), [shared = state_, member](std::exception_ptr failure) {
                       shared->running.erase(member);
                       shared->ended.notify_all();
                       if (!failure) return;
                       try {
                         std::rethrow_exception(failure);
                       } catch (const boost::system::system_error& error) {
                         if (error.code() != asio::error::operation_aborted) throw;
                       }
                     }));
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
