#pragma once
#include <vector>

#include "core/platform/time.hpp"

namespace provlab::lab {

/// Two delays of one packet to which unlike things happened, and none was tried in between (D73).
struct DelayGap {
  Duration from{};
  Duration to{};
  bool from_is_tried = false;  ///< what may change a nanosecond behind `from` has been seen
  bool to_is_tried = false;    ///< what may change a nanosecond before `to` has
  bool halved = false;         ///< next() had nothing better than the middle

  /// Whether a delay lies between them.
  bool is_open() const { return to - from > Duration(1); }

  /// The delay to try next. What the packet has led to comes as much later as the packet does, so
  /// things change at delays with which that comes to the moment of something else: of these the
  /// middle one; then what is next to the ends; then the middle. Moments are of the run with
  /// `from`, counted from the packet's coming on: of what comes later with it, and of what stays.
  Duration next(const std::vector<Duration>& moving, const std::vector<Duration>& staying);

  /// The part below, or above, of a delay that next() has given.
  DelayGap below(Duration middle) const;
  DelayGap above(Duration middle) const;
};

}  // namespace provlab::lab
