#include "sim/lab/verdict/expectations/patterns.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netfakes/events.hpp"
#include "sim/lab/verdict/expectations/header_lines.hpp"
#include "sim/text/parse.hpp"

namespace provlab::lab {

namespace {

/// `winner` and `loser` stand for the targets of a race's URLs.
bool path_fits(const std::string& path, const SeenRequest& request, const Evidence& evidence) {
  const std::string_view text = request.text;
  const std::size_t space = text.find(' ');
  if (request.kind != "http" || space == std::string_view::npos) return false;
  const std::string_view target = text.substr(space + 1);
  if (path != "winner" && path != "loser") return target == path;
  const std::vector<std::string>& targets = evidence.race().targets(path == "winner");
  return std::ranges::find(targets, target) != targets.end();
}

template <class Time>
bool near(const Expected<Time>& a, const Expected<Time>& b, Duration slack) {
  return a && b && std::chrono::abs(*a - *b) <= slack;
}

/// Also where both are times, and not too far from each other.
bool same(const std::string& value, const std::string& wanted, Duration slack) {
  if (value == wanted) return true;
  if (slack == Duration::zero()) return false;
  return near(parse_wall_time(value), parse_wall_time(wanted), slack) ||
         near(parse_duration(value), parse_duration(wanted), slack);
}

bool field_fits(const FieldPattern& pattern, const TraceRecord& record, Duration slack) {
  const auto value = record.field(pattern.field);
  return value && (!pattern.is || same(*value, *pattern.is, slack)) &&
         value->find(pattern.contains) != std::string::npos;
}

/// Of patterns that any event may fit.
template <class Pattern>
std::vector<EventNumber> events_that_fit(const Pattern& pattern, const Evidence& evidence,
                                         Edge edge) {
  std::vector<EventNumber> found;
  for (const TraceRecord record : evidence.trace()) {
    if (fits(pattern, record, evidence, edge)) found.push_back(record.number());
  }
  return found;
}

}  // namespace

bool fits(const RequestPattern& pattern, const SeenRequest& request, const Evidence& evidence,
          Edge edge) {
  if (!pattern.to.empty() && evidence.trace().host_name(request.host) != pattern.to) return false;
  if (!pattern.kind.empty() && request.kind != pattern.kind) return false;
  if (!pattern.is.empty() &&
      !netfakes::names(pattern.is, netfakes::Request{request.text, request.detail})) {
    return false;
  }
  if (!pattern.path.empty() && !path_fits(pattern.path, request, evidence)) return false;
  if (!pattern.headers.empty() &&
      !fit(pattern.headers, lines_of(evidence.trace().event(request.event)))) {
    return false;
  }
  return evidence.in_time(pattern.when, request.at, edge);
}

bool fits(const EventPattern& pattern, const TraceRecord& record, const Evidence& evidence,
          Edge edge) {
  if (!record.is(pattern.name)) return false;
  if (!pattern.host.empty() && evidence.trace().host_name(record.host()) != pattern.host) {
    return false;
  }
  const auto here = [&](const FieldPattern& field) {
    return field_fits(field, record, evidence.slack());
  };
  return std::ranges::all_of(pattern.fields, here) &&
         evidence.in_time(pattern.when, record.at(), edge);
}

bool fits(const ResponsePattern& pattern, const TraceRecord& record, const Evidence& evidence,
          Edge edge) {
  if (!record.is<netfakes::AnswerConfirmed>()) return false;
  if (!pattern.to.empty() && evidence.trace().host_name(record.host()) != pattern.to) return false;
  if (!pattern.answer.empty() && !record.says("answer", pattern.answer)) return false;
  const std::string status = record.field("status").value_or("");
  const bool of_class = pattern.status.ends_with("xx");
  if (!pattern.status.empty() &&
      (of_class ? status.front() != pattern.status.front() : status != pattern.status)) {
    return false;
  }
  if (!fit(pattern.headers, lines_of(record))) return false;
  return evidence.in_time(pattern.when, record.at(), edge);
}

std::string lines_of(const TraceRecord& record) {
  return record.field("contents").value_or("");
}

SeenRequests matches(const RequestPattern& pattern, const Evidence& evidence, Edge edge) {
  SeenRequests found;
  for (const SeenRequest& request : evidence.requests()) {
    if (fits(pattern, request, evidence, edge)) found.push_back(&request);
  }
  return found;
}

std::vector<EventNumber> matches(const ResponsePattern& pattern, const Evidence& evidence,
                                 Edge edge) {
  return events_that_fit(pattern, evidence, edge);
}

std::vector<EventNumber> matches(const EventPattern& pattern, const Evidence& evidence, Edge edge) {
  return events_that_fit(pattern, evidence, edge);
}

bool is_such_an_end(const ResultPattern& pattern, const TraceRecord& end) {
  return std::ranges::find(pattern.is, end.field("result").value_or("")) != pattern.is.end() &&
         end.field("sentence").value_or("").find(pattern.says) != std::string::npos;
}

std::vector<EventNumber> matches(const ResultPattern& pattern, const Evidence& evidence,
                                 Edge edge) {
  std::vector<EventNumber> found;
  for (const SeenRun& run : evidence.runs()) {
    if (!run.ended) continue;
    const TraceRecord end = evidence.trace().event(*run.ended);
    if (is_such_an_end(pattern, end) && evidence.in_time(pattern.when, end.at(), edge)) {
      found.push_back(end.number());
    }
  }
  return found;
}

std::string shown(const SeenRequest& request, const Evidence& evidence) {
  return fmt::format("{} at {} ({})", request.text, evidence.trace().host_name(request.host),
                     provlab::to_string(request.at.time_since_epoch()));
}

std::string shown(const SeenRequests& requests, const Evidence& evidence) {
  if (requests.empty()) return "no such request";
  std::string text;
  for (const SeenRequest* request : requests) {
    text += (text.empty() ? "" : ", ") + shown(*request, evidence);
  }
  return text;
}

}  // namespace provlab::lab
