#pragma once
#include <string>
#include <string_view>

#include "core/platform/time.hpp"

/// Times as people say them. What is to be read back stays as `to_string(Duration)` has it.
namespace provlab::lab {

/// Below a minute with its milliseconds, `1.052 s`; from a minute on in its two largest units,
/// `1 h 10 min`, `2 d 3 h`: what is smaller is cut off.
std::string spoken(Duration time);

/// Text such as `4215s` as `1 h 10 min 15 s`, with every unit that it has; below a minute, and
/// where it is no length of time, as it is.
std::string spoken_exactly(std::string_view time);

/// What a clock on the wall shows beside the offsets of a time line, from its first minute on:
/// `09:10:00`, or `03-02 09:10:00` where the line reaches into another day.
class WallColumn {
 public:
  /// `epoch` is the wall time at the start, `last` the last moment that the column is asked for.
  WallColumn(WallTime epoch, Instant last);
  /// Of lines that are told while it goes on: nothing stands there in the first minute.
  explicit WallColumn(WallTime epoch);
  /// With a blank before it; blanks alone in the first minute, nothing where all is within it.
  std::string beside(Instant at) const;

 private:
  WallTime epoch_;
  bool shown_;
  bool live_ = false;
  bool with_day_;
};

}  // namespace provlab::lab
