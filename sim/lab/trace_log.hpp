#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/trace.hpp"

namespace provlab::lab {

/// A field of an event, its value as text.
struct LoggedField {
  std::string name;
  std::string value;
  bool text = true;  ///< false: a number or a truth value, written without quotation marks
};

/// One event of a trace that was written, by itself: TraceRecord sees it in the trace that owns it.
struct LoggedEvent {
  EventNumber number = 0;
  Duration at{};  ///< since the world began
  std::string host;
  EventNumber cause = 0;  ///< 0: none
  std::string name;
  std::vector<LoggedField> fields;

  bool is(std::string_view other) const { return name == other; }
  /// The field's value; empty where there is no such field.
  std::string_view field(std::string_view key) const;
};

/// A trace that was written and read again: what pages are made from, of runs that happened here or
/// on another machine.
class TraceLog {
 public:
  /// Reads JSON lines as Trace::json_lines() gives them. Errors name the line. Events must be
  /// numbered from 1 without a gap, and caused by earlier ones.
  static Expected<TraceLog> parse(std::string_view json_lines);
  /// Appends one event; false where its number or its cause cannot be.
  bool add(LoggedEvent event);

  const std::vector<LoggedEvent>& events() const { return events_; }
  const LoggedEvent& operator[](EventNumber number) const { return events_[number - 1]; }
  /// The event that `event` is a direct consequence of, or null.
  const LoggedEvent* cause_of(const LoggedEvent& event) const {
    return event.cause == 0 ? nullptr : &events_[event.cause - 1];
  }
  /// The same octets as were read.
  std::string json_lines() const;

 private:
  std::vector<LoggedEvent> events_;
};

}  // namespace provlab::lab
