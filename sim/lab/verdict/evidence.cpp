#include "sim/lab/verdict/evidence.hpp"

#include <fmt/format.h>

#include "core/discovery/events.hpp"
#include "core/service/events.hpp"
#include "core/settings/events.hpp"
#include "netfakes/events.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/phone/events.hpp"

namespace provlab::lab {

Evidence::Evidence(const ScenarioPlan& plan, const Trace& trace, Duration slack)
    : plan_(plan), trace_(trace), slack_(slack), race_(plan, trace, slack) {
  for (const TraceRecord record : trace_) {
    if (record.is<netfakes::RequestReceived>()) {
      requests_.push_back({record.number(), record.at(), record.host(),
                           record.field("kind").value_or(""), record.field("request").value_or(""),
                           record.field("detail").value_or("")});
    } else if (record.is<service::RunStarted>()) {
      runs_.push_back({record.number(), {}, {}});
    } else if (record.is<service::RunEnded>()) {
      if (!runs_.empty()) runs_.back().ended = record.number();
    } else if (record.is<discovery::WinnerChosen>()) {
      if (!runs_.empty()) runs_.back().winner = record.number();
    } else if (record.is<settings::SectionApplied>() || record.is<settings::SectionRejected>()) {
      last_change_ = record.number();
    }
  }
}

std::optional<EventNumber> Evidence::setting(std::string_view path,
                                             const std::optional<Moment>& moment) const {
  const std::string wanted = moment ? moment->to_string() : std::string();
  for (const TraceRecord record : trace_) {
    if (!record.is<SettingObserved>() || !record.says("path", path)) continue;
    if (record.field("moment").value_or("") == wanted) return record.number();
  }
  return std::nullopt;
}

EventNumber Evidence::power_cut(const SeenRun& run) const {
  if (run.ended) return 0;
  for (EventNumber number = run.started + 1; number <= trace_.last(); ++number) {
    const TraceRecord record = trace_.event(number);
    if (record.is<service::RunStarted>()) break;
    if (record.is<phone::PoweredOff>() || record.is<PowerFailed>()) return number;
  }
  return 0;
}

int Evidence::line_of_cut(EventNumber cut) const {
  for (const Action& action : plan_.timeline) {
    if (action.is<PowerOff>() && moment(action.at) == trace_.event(cut).at()) return action.line;
  }
  return 0;
}

std::optional<Instant> Evidence::moment(const Moment& moment) const {
  if (moment.anchor.empty()) return Instant{} + moment.offset;
  unsigned seen = 0;
  for (const TraceRecord record : trace_) {
    const bool here = record.is(moment.anchor) ||
                      (record.is<service::RunEnded>() && record.says("result", moment.anchor));
    if (here && ++seen == moment.nth) return record.at() + moment.offset;
  }
  return std::nullopt;
}

bool Evidence::in_time(const When& when, Instant at, Edge edge) const {
  const Duration slack = edge == Edge::wide ? slack_ : -slack_;
  if (when.at) {
    // A moment has no inside that could be narrowed.
    const auto wanted = moment(*when.at);
    return wanted && std::chrono::abs(at - *wanted) <= slack_;
  }
  if (!when.within) return true;
  const auto start = when.of ? moment(*when.of) : Instant{};
  // Nothing can come before the start: there the edge stays where it is.
  const Duration early = when.within->first > Duration::zero() ? slack : Duration::zero();
  return start && at >= *start + when.within->first - early &&
         at <= *start + when.within->second + slack;
}

}  // namespace provlab::lab
