#pragma once
#include <optional>

#include "core/platform/host.hpp"
#include "core/platform/task_group.hpp"

namespace provlab::net {

/// The phone's wall clock. It is invalid until set (SPEC 1.3: validity does not survive power
/// loss), runs on the host's monotonic clock from then on, and jumps whenever it is set again.
class DeviceClock {
 public:
  explicit DeviceClock(Host& host) : host_(host), changed_(host) {}

  bool valid() const { return set_.has_value(); }
  WallTime now() const;  ///< precondition: valid()
  void set(WallTime time);
  /// Notified by every set().
  Notifier& changed() { return changed_; }

 private:
  struct Setting {
    Instant at;
    WallTime time;
  };
  Host& host_;
  Notifier changed_;
  std::optional<Setting> set_;
};

}  // namespace provlab::net
