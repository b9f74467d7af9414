#include "sim/lab/trace/trace_log.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text_buffer.hpp"

namespace provlab::lab {

bool TraceLog::add(LoggedEvent event) {
  if (event.number != events_.size() + 1 || event.cause >= event.number) return false;
  if (!events_.empty() && event.at < events_.back().at) return false;
  events_.push_back(std::move(event));
  return true;
}

Expected<TraceLog> TraceLog::parse(std::string_view json_lines) {
  TraceLog log;
  std::size_t line = 1;
  for (; !json_lines.empty(); ++line) {
    const std::size_t end = std::min(json_lines.find('\n'), json_lines.size());
    auto event = read_event(json_lines.substr(0, end));
    if (!event) return fail(event.error().text, fmt::format("line {}", line));
    if (!log.add(std::move(*event))) {
      return fail("the event does not follow the one before", fmt::format("line {}", line));
    }
    json_lines.remove_prefix(std::min(end + 1, json_lines.size()));
  }
  return log;
}

std::string TraceLog::json_lines() const {
  TextBuffer out;
  for (const LoggedEvent& event : events_) write_event(event, out);
  return std::string(out.view());
}

}  // namespace provlab::lab
