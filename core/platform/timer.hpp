#pragma once
#include "core/platform/host.hpp"
#include "core/platform/tether.hpp"

namespace provlab {

/// A deadline that belongs to an object: a member of it, gone with it.
///  1. start() calls `callback` once, from the loop, at `deadline`, or soon where that has passed.
///  2. A timer waits for one deadline: start() while it is pending cancels the former one first.
///  3. To destroy a timer is to cancel it.
///  4. After cancel(), start() and the destructor the former callback is never called, not even
///     where its deadline has passed and its completion is already queued. It is destroyed at once,
///     with all that it holds.
///  5. The callback runs when its timer no longer pends. It may start its timer anew or destroy it.
///  6. A timer costs one timer of the Host, and no memory beyond that for callbacks of up to 64
///     octets. It can be neither copied nor moved: where there are many, keep them in a list.
/// The host must outlive it, or take the pending timers along when it goes (as a world does).
class Timer {
 public:
  explicit Timer(Host& host) : host_(host) {}
  ~Timer() { cancel(); }

  void start(Instant deadline, UniqueFunction<void()> callback);
  void cancel();
  bool pending() const { return expiry_.holds(); }

 private:
  void expire();

  Host& host_;
  UniqueFunction<void()> callback_;
  OperationId operation_;
  Tether expiry_;
};

}  // namespace provlab
