#pragma once
#include <algorithm>

#include "core/platform/time.hpp"

namespace provlab::world {

/// How long an acknowledgement takes, and how long to wait for one (RFC 6298 2). Who samples keeps
/// to Karn's rule: nothing that was sent twice, unless a timestamp tells which one it was.
class TcpRoundTrip {
 public:
  static constexpr Duration kFirstTimeout = std::chrono::seconds(1);  ///< 2.1
  /// As Linux: what a peer's delayed acknowledgement takes, on top of the way there and back. The
  /// RFC says a second in all.
  static constexpr Duration kLeastSlack = std::chrono::milliseconds(200);
  static constexpr Duration kLongestTimeout = std::chrono::seconds(120);

  void sample(Duration took) {
    if (!known_) {
      known_ = true;
      smoothed_ = took;
      variation_ = took / 2;
      return;
    }
    const Duration error = took > smoothed_ ? took - smoothed_ : smoothed_ - took;
    variation_ += (error - variation_) / 4;
    smoothed_ += (took - smoothed_) / 8;
  }
  bool known() const { return known_; }
  Duration smoothed() const { return smoothed_; }
  /// After as many expirations in a row (5.5).
  Duration timeout(unsigned expirations) const {
    const Duration once =
        known_ ? smoothed_ + std::max(4 * variation_, kLeastSlack) : kFirstTimeout;
    return std::min(once * (1U << std::min(expirations, 10U)), kLongestTimeout);
  }

 private:
  bool known_ = false;
  Duration smoothed_{};
  Duration variation_{};
};

}  // namespace provlab::world
