#include "sim/lab/json_reading.hpp"

#include <fmt/format.h>

#include <boost/json/src.hpp>
#include <charconv>
#include <cmath>

#include "sim/lab/reports.hpp"

namespace provlab::lab {

namespace {

namespace json = boost::json;

/// An object that is read; what is missing or of another kind makes the whole reading fail.
class JsonObject {
 public:
  /// `place` is how errors call it; `error` gets the first one.
  JsonObject(const json::value& value, std::string place, std::string& error)
      : place_(std::move(place)), error_(error) {
    if (value.is_object()) {
      object_ = &value.get_object();
    } else {
      complain("is no object");
    }
  }

  bool has(std::string_view key) const {
    return object_ != nullptr && object_->if_contains(key) != nullptr;
  }
  std::string text(std::string_view key) {
    const json::value* found = find(key);
    if (found == nullptr) return {};
    if (found->is_string()) return std::string(found->get_string());
    complain(fmt::format("has a '{}' that is no text", key));
    return {};
  }
  std::string text_or_nothing(std::string_view key) { return has(key) ? text(key) : std::string(); }
  template <class T>
  T number(std::string_view key) {
    const json::value* found = find(key);
    if (found == nullptr) return {};
    boost::system::error_code wrong;
    const T value = found->to_number<T>(wrong);
    if (wrong) complain(fmt::format("has a '{}' that is no whole number in its range", key));
    return wrong ? T{} : value;
  }
  bool truth(std::string_view key) {
    const json::value* found = find(key);
    if (found != nullptr && found->is_bool()) return found->get_bool();
    complain(fmt::format("has a '{}' that is neither true nor false", key));
    return false;
  }
  Duration seconds(std::string_view key) {
    const json::value* found = find(key);
    if (found == nullptr) return {};
    if (!found->is_number()) {
      complain(fmt::format("has a '{}' that is no number", key));
      return {};
    }
    return Duration(std::llround(found->to_number<double>() * 1e9));
  }
  std::uint64_t hexadecimal(std::string_view key) {
    const std::string digits = text(key);
    std::uint64_t value = 0;
    const auto [end, wrong] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (wrong != std::errc() || end != digits.data() + digits.size()) {
      complain(fmt::format("has a '{}' that is no checksum", key));
    }
    return value;
  }
  /// Calls `each` with every element and its place.
  template <class Each>
  void elements(std::string_view key, Each&& each) {
    const json::value* found = find(key);
    if (found == nullptr) return;
    if (!found->is_array()) return complain(fmt::format("has a '{}' that is no array", key));
    std::size_t number = 0;
    for (const json::value& value : found->get_array()) {
      ++number;
      each(value, place_.empty() ? fmt::format("number {} of '{}'", number, key)
                                 : fmt::format("number {} of '{}' of {}", number, key, place_));
    }
  }
  void complain(std::string_view what) {
    if (error_.empty()) error_ = fmt::format("{} {}", place_.empty() ? "the report" : place_, what);
  }
  std::string& error() { return error_; }
  const json::object* members() const { return object_; }

 private:
  const json::value* find(std::string_view key) {
    if (object_ == nullptr) return nullptr;
    const json::value* found = object_->if_contains(key);
    if (found == nullptr) complain(fmt::format("has no '{}'", key));
    return found;
  }

  const json::object* object_ = nullptr;
  std::string place_;
  std::string& error_;
};

Expected<json::value> parsed(std::string_view text) {
  json::stream_parser parser;
  boost::system::error_code wrong;
  const std::size_t read = parser.write_some(text.data(), text.size(), wrong);
  if (!wrong) {
    const std::size_t more = text.find_first_not_of(" \t\r\n", read);
    if (more != std::string_view::npos)
      return fail("it goes on behind its end", "octet " + std::to_string(more + 1));
    parser.finish(wrong);
  }
  if (wrong) {
    return fail(
        fmt::format("not readable as JSON from octet {} on ({})", read + 1, wrong.message()));
  }
  return parser.release();
}

LoggedEvent event_of(const json::value& value, const std::string& place, std::string& error) {
  JsonObject object(value, place, error);
  LoggedEvent event;
  event.number = object.number<EventNumber>("n");
  event.at = Duration(object.number<std::int64_t>("time_ns"));
  event.host = object.text("host");
  if (object.has("cause")) event.cause = object.number<EventNumber>("cause");
  event.name = object.text("event");
  if (object.members() == nullptr) return event;
  bool own = false;  // behind the members that every event has
  for (const auto& [key, field] : *object.members()) {
    if (!own) {
      own = key == "event";
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

Finding finding_of(const json::value& value, const std::string& place, std::string& error) {
  JsonObject object(value, place, error);
  Finding finding;
  finding.line = object.number<int>("line");
  finding.text = object.text("expectation");
  finding.held = object.truth("held");
  finding.expected = object.text("expected");
  if (!finding.held) finding.actual = object.text("actual");
  finding.why = object.text_or_nothing("why");
  if (object.has("event")) finding.event = object.number<EventNumber>("event");
  if (object.has("time_line")) {
    object.elements("time_line", [&](const json::value& line, const std::string&) {
      if (!line.is_string()) return object.complain("has a line of its time line that is no text");
      finding.slice.emplace_back(line.get_string());
    });
  }
  return finding;
}

RunDetail detail_of(JsonObject& run) {
  RunDetail detail;
  run.elements("settings", [&](const json::value& value, const std::string& place) {
    JsonObject change(value, place, run.error());
    const bool values = change.has("from");
    detail.settings.push_back({change.text("path"), values ? change.text("from") : std::string(),
                               values ? change.text("to") : std::string(), !values});
  });
  TraceLog log;
  run.elements("trace", [&](const json::value& value, const std::string& place) {
    if (!log.add(event_of(value, place, run.error()))) {
      run.complain("has a trace whose events do not follow each other");
    }
  });
  detail.trace = log.json_lines();
  return detail;
}

RunReport run_of(const json::value& value, const std::string& place, std::string& error) {
  JsonObject object(value, place, error);
  RunReport run;
  run.position = object.number<std::size_t>("position");
  run.scenario = object.text("scenario");
  run.variant = object.text_or_nothing("variant");
  run.file = object.text("file");
  run.about = object.text("about");
  run.seed = object.number<std::uint64_t>("seed");
  const std::string outcome = object.text("outcome");
  const auto known = outcome_of(outcome);
  if (known) {
    run.verdict.outcome = *known;
  } else {
    object.complain(fmt::format("has an unknown outcome '{}'", outcome));
  }
  run.verdict.reason = object.text_or_nothing("reason");
  run.checksum = object.hexadecimal("checksum");
  run.events = object.number<std::size_t>("events");
  run.virtual_time = object.seconds("virtual_seconds");
  run.wall_time = object.seconds("wall_seconds");
  object.elements("expectations", [&](const json::value& each, const std::string& where) {
    run.verdict.findings.push_back(finding_of(each, where, error));
  });
  run.trace_file = object.text_or_nothing("trace_file");
  run.capture_file = object.text_or_nothing("capture_file");
  if (object.has("trace")) run.detail = detail_of(object);
  // What stands before the rest of the line is how the program was called there.
  const std::string repeat = object.text("repeat");
  run.program.clear();
  const std::string rest = run.repeat();
  if (!repeat.ends_with(rest)) object.complain("has a 'repeat' that does not fit");
  run.program = repeat.substr(0, repeat.size() - std::min(rest.size(), repeat.size()));
  return run;
}

}  // namespace

Expected<LoggedEvent> read_event(std::string_view line) {
  const auto value = parsed(line);
  if (!value) return std::unexpected(value.error());
  std::string error;
  LoggedEvent event = event_of(*value, "the event", error);
  if (!error.empty()) return fail(std::move(error));
  return event;
}

Expected<SuiteReport> read_json_report(std::string_view text, const std::string& file) {
  const auto value = parsed(text);
  if (!value) {
    return fail(value.error().to_string() + "; was the run that wrote it cut short?", file);
  }
  std::string error;
  JsonObject object(*value, "", error);
  if (object.members() == nullptr || !object.has("version") || !object.has("runs")) {
    return fail("this is JSON, but no report of 'provlab run --json'", file);
  }
  if (const int version = object.number<int>("version"); version != kJsonVersion) {
    return fail(fmt::format("the report is of version {}, and this program reads version {}; run "
                            "the shards and the report with the same provlab",
                            version, kJsonVersion),
                file);
  }
  if (const std::string program = object.text("provlab"); program != kProgramVersion) {
    return fail(fmt::format("the report is one of provlab {}, and this is provlab {}; run the "
                            "shards and the report with the same one",
                            program, kProgramVersion),
                file);
  }
  SuiteReport suite;
  suite.suite = object.hexadecimal("suite");
  if (const auto shard = parse_shard(object.text("shard"))) {
    suite.shard = *shard;
  } else {
    object.complain("has a 'shard' that is none");
  }
  suite.total = object.number<std::size_t>("total");
  suite.files = object.number<std::size_t>("files");
  suite.unreadable = object.number<std::size_t>("unreadable");
  suite.jobs = object.number<unsigned>("threads");
  suite.wall_time = object.seconds("wall_seconds");
  object.elements("complaints", [&](const json::value& each, const std::string& place) {
    JsonObject complaint(each, place, error);
    suite.complaints.push_back(
        {complaint.text("file"), complaint.number<int>("line"), complaint.text("text")});
  });
  object.elements("runs", [&](const json::value& each, const std::string& place) {
    suite.runs.push_back(run_of(each, place, error));
  });
  if (!error.empty()) return fail("the report is incomplete or was changed: " + error, file);
  return suite;
}

}  // namespace provlab::lab
