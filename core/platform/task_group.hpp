#pragma once
#include <boost/asio/cancellation_signal.hpp>
#include <cstdint>
#include <list>
#include <memory>
#include <vector>

#include "core/platform/async.hpp"

namespace provlab {

/// Coroutines that live and end together.
///  1. A task begins inside spawn() where the loop calls that, else soon.
///  2. cancel() asks every task of this moment to end. A task that has not begun never begins.
///  3. A task that ends with operation_aborted has ended as asked. Any other exception is a broken
///     promise of the program: it is rethrown out of the world's loop.
///  4. The group may be destroyed while tasks still unwind. What they refer to must live until they
///     have ended: wait for join(), or give them an owner, which lives until the task's frames are
///     gone.
///  5. A task whose frames are destroyed, as by a world that ends, has left the group before its
///     owner goes. So an owner that has the group as a member asks nothing of such a task.
class TaskGroup {
 public:
  explicit TaskGroup(Host& host);
  ~TaskGroup();  ///< cancels
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  void spawn(Task<> task, std::shared_ptr<void> owner = {});
  void cancel();       ///< asks every task to end
  bool empty() const;  ///< whether all have ended
  Task<> join();       ///< returns when all have ended

 private:
  struct Member;
  struct State;
  class Ending;
  static Task<> live(Member& member, Task<> task);
  std::shared_ptr<State> state_;
};

/// Lets coroutines wait until something has changed: `while (!bound()) co_await changed.wait(...)`.
class Notifier {
 public:
  explicit Notifier(Host& host) : host_(host) {}
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  void notify_all();
  /// True when notified, false once `deadline` has passed; throws operation_aborted when cancelled.
  Task<bool> wait_until(Instant deadline);
  enum class Waited { notified, timed_out, cancelled };
  /// The same for a task whose cancellation is nothing out of the ordinary, such as one that may
  /// lose a race: an exception through a few coroutines costs more than all else that it does.
  Task<Waited> try_wait_until(Instant deadline);

 private:
  Host& host_;
  std::uint64_t notifications_ = 0;
  std::list<OperationId> waiters_;
};

/// A deadline that never comes.
inline constexpr Instant kNever = Instant::max();

}  // namespace provlab
