#pragma once
#include "core/platform/host.hpp"

namespace provlab::service {

/// The time that a run may take (SPEC 2.14, 5.8).
///  1. It is reached where somebody stops for it, and says so by reach(); nothing happens by itself
///     when the time is up.
///  2. That is recorded once.
class RunLimit {
 public:
  /// From now on.
  RunLimit(Host& host, Duration limit)
      : host_(host), limit_(limit), deadline_(host.now() + limit) {}

  Instant deadline() const { return deadline_; }
  bool time_is_up() const { return host_.now() >= deadline_; }
  Duration left() const { return deadline_ - host_.now(); }
  void reach();
  bool reached() const { return reached_; }

 private:
  Host& host_;
  Duration limit_;
  Instant deadline_;
  bool reached_ = false;
};

}  // namespace provlab::service
