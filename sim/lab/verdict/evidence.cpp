#include "sim/lab/verdict/evidence.hpp"

#include <fmt/format.h>

#include "core/discovery/events.hpp"
#include "core/service/events.hpp"
#include "core/settings/events.hpp"
#include "netfakes/events.hpp"
#include "sim/lab/trace/lab_events.hpp"

namespace provlab::lab {

Evidence::Evidence(const ScenarioPlan& plan, const Trace& trace)
    : trace_(trace), race_(plan, trace) {
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

std::optional<EventNumber> Evidence::setting(std::string_view path) const {
  for (const TraceRecord record : trace_) {
    if (record.is<SettingObserved>() && record.says("path", path)) return record.number();
  }
  return std::nullopt;
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

bool Evidence::in_time(const When& when, Instant at) const {
  if (when.at) return moment(*when.at) == at;
  if (!when.within) return true;
  const auto start = when.of ? moment(*when.of) : Instant{};
  return start && at >= *start + when.within->first && at <= *start + when.within->second;
}

}  // namespace provlab::lab
