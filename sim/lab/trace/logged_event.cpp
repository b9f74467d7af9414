#include "sim/lab/trace/logged_event.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>

#include "core/platform/text.hpp"
#include "core/platform/text_buffer.hpp"
#include "sim/lab/trace/json_object.hpp"
#include "sim/text/json_members.hpp"

namespace provlab::lab {

std::string_view LoggedEvent::field(std::string_view key) const {
  const auto found = std::ranges::find(fields, key, &LoggedField::name);
  return found == fields.end() ? std::string_view() : std::string_view(found->value);
}

namespace {

/// What events and their fields are called: it is written without escapes.
bool is_word(std::string_view name) {
  constexpr std::size_t kLongestWord = 64;
  return !name.empty() && name.size() <= kLongestWord && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// Written in front of an event's fields.
bool is_of_every_event(std::string_view name) {
  return name == "n" || name == "time_ns" || name == "host" || name == "cause" || name == "event";
}

}  // namespace

LoggedEvent event_of(const json::value& value, const std::string& place, std::string& error) {
  JsonObject object(value, place, error);
  LoggedEvent event;
  event.number = object.number<EventNumber>("n");
  event.at = Duration(object.number<std::int64_t>("time_ns", 0, JsonObject::kLongest.count()));
  event.host = object.text("host");
  if (object.has("cause")) event.cause = object.number<EventNumber>("cause");
  event.name = object.text("event");
  if (!is_word(event.name)) object.complain("has an 'event' whose name no event has");
  if (object.members() == nullptr) return event;
  bool behind = false;  // of the members that every event has
  for (const auto& [key, field] : *object.members()) {
    if (is_of_every_event(key) != !behind || !is_word(key)) {
      object.complain(fmt::format("has a member '{}' where no event has one of this name",
                                  shortened(std::string_view(key))));
    } else if (!behind) {
      behind = key == "event";
    } else if (field.is_string()) {
      event.fields.push_back({key, std::string(field.get_string()), true});
    } else if (field.is_int64() || field.is_uint64() || field.is_bool()) {
      event.fields.push_back({key, json::serialize(field), false});
    } else {
      object.complain(
          fmt::format("has a '{}' of a kind that events do not have", std::string(key)));
    }
  }
  return event;
}

Expected<LoggedEvent> read_event(std::string_view line) {
  const auto value = parse_json(line);
  if (!value) return std::unexpected(value.error());
  std::string error;
  LoggedEvent event = event_of(*value, "the event", error);
  if (!error.empty()) return fail(std::move(error));
  return event;
}

void write_event(const LoggedEvent& event, TextBuffer& out) {
  TextBuffer members;
  JsonMembers field(members);
  field("n", event.number);
  field("time_ns", event.at.count());
  field("host", event.host);
  if (event.cause != 0) field("cause", event.cause);
  field("event", event.name);
  for (const LoggedField& each : event.fields) {
    if (each.text) {
      field(each.name, each.value);
    } else {
      members.append(fmt::format(",\"{}\":{}", each.name, each.value));
    }
  }
  out.append("{");
  out.append(members.view().substr(1));
  out.append("}\n");
}

}  // namespace provlab::lab
