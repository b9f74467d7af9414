#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/trace/logged_event.hpp"

namespace provlab::lab {

/// A trace that was written and read again. Pages are made from it (D22), whether the run happened
/// here or on another machine.
class TraceLog {
 public:
  /// Reads JSON lines as Trace::json_lines() gives them. Errors name the line. Events must be
  /// numbered from 1 without a gap, and caused by earlier ones.
  static Expected<TraceLog> parse(std::string_view json_lines);
  /// Appends one event; false where its number or its cause cannot be.
  bool add(LoggedEvent event);

  const std::vector<LoggedEvent>& events() const { return events_; }
  /// The event of that number; there must be one.
  const LoggedEvent& event(EventNumber number) const { return events_[number - 1]; }
  /// The event that `event` is a direct consequence of, or null.
  const LoggedEvent* cause_of(const LoggedEvent& event) const {
    return event.cause == 0 ? nullptr : &this->event(event.cause);
  }
  /// The same octets as were read.
  std::string json_lines() const;

 private:
  std::vector<LoggedEvent> events_;
};

}  // namespace provlab::lab
