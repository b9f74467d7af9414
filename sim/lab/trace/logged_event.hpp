#pragma once
#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "sim/record/trace.hpp"

namespace provlab::lab {

/// A field of an event, its value as text.
struct LoggedField {
  std::string name;
  std::string value;
  bool text = true;  ///< false: a number or a truth value, written without quotation marks
};

/// One event of a written trace, with its fields as text of its own.
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

/// One line of a trace as Trace::json_lines() writes it.
Expected<LoggedEvent> read_event(std::string_view line);
/// The same octets as were read, with the end of the line.
void write_event(const LoggedEvent& event, TextBuffer& out);

/// The same of a value that is parsed already. `error` gets the first thing that is wrong; it calls
/// the value `place`.
LoggedEvent event_of(const boost::json::value& value, const std::string& place, std::string& error);

}  // namespace provlab::lab
