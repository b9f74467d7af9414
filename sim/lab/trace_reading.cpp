#include "sim/lab/trace_reading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/discovery/events.hpp"
#include "core/net/markers.hpp"
#include "core/net/url.hpp"
#include "core/service/events.hpp"
#include "core/settings/events.hpp"
#include "netfakes/events.hpp"
#include "sim/lab/events.hpp"

namespace provlab::lab {

TraceReading::TraceReading(const ScenarioPlan& plan, const Trace& trace)
    : plan_(plan), trace_(trace) {
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
  if (plan_.race) read_race();
}

std::optional<EventNumber> TraceReading::setting(std::string_view path) const {
  for (const TraceRecord record : trace_) {
    if (record.is<SettingObserved>() && record.field("path") == path) return record.number();
  }
  return std::nullopt;
}

std::optional<Instant> TraceReading::moment(const Moment& moment) const {
  if (moment.anchor.empty()) return Instant{} + moment.offset;
  unsigned seen = 0;
  for (const TraceRecord record : trace_) {
    const bool here = record.is(moment.anchor) ||
                      (record.is<service::RunEnded>() && record.field("result") == moment.anchor);
    if (here && ++seen == moment.nth) return record.at() + moment.offset;
  }
  return std::nullopt;
}

bool TraceReading::in_time(const When& when, Instant at) const {
  if (when.at) return moment(*when.at) == at;
  if (!when.within) return true;
  const auto start = when.of ? moment(*when.of) : Instant{};
  return start && at >= *start + when.within->first && at <= *start + when.within->second;
}

std::string TraceReading::text_of(const When& when) {
  if (when.at) return " at " + when.at->to_string();
  if (!when.within) return {};
  const auto& [first, last] = *when.within;
  std::string text =
      first == Duration::zero()
          ? fmt::format(" within {}", provlab::to_string(last))
          : fmt::format(" within {}..{}", provlab::to_string(first), provlab::to_string(last));
  return when.of ? text + " of " + when.of->to_string() : text;
}

std::optional<Instant> TraceReading::arrival(EventNumber answer_sent) const {
  std::optional<Instant> found;
  const HostId device = trace_.find_host("device").value_or(HostId{});
  for (std::size_t i = answer_sent; i < trace_.size(); ++i) {
    const TraceRecord received = trace_[i];
    if (received.host() != device || !received.is("packet_received")) continue;
    // Up the chain of causes to the answer that this packet belongs to.
    EventNumber cause = received.cause();
    const EventNumber sent = cause;
    while (cause > answer_sent && !trace_[cause - 1].is<netfakes::AnswerSent>()) {
      cause = trace_[cause - 1].cause();
    }
    if (cause != answer_sent) continue;
    const TraceRecord packet = trace_[sent - 1];
    if (packet.field("protocol") == "udp") return received.at();
    // A stream has arrived with its last octets.
    if (packet.field("octets").value_or("0") != "0") found = received.at();
  }
  return found;
}

void TraceReading::read_race() {
  for (const std::string& answer : plan_.race->answers) {
    for (const TraceRecord record : trace_) {
      if (!record.is<netfakes::AnswerSent>() || record.field("answer") != answer) continue;
      if (const auto at = arrival(record.number())) {
        arrivals_.push_back({answer, *at});
        break;
      }
    }
  }
  std::ranges::stable_sort(arrivals_, {}, &Arrival::at);
  for (const std::string& id : plan_.race->answers) {
    const bool first = !arrivals_.empty() && arrivals_.front().answer == id;
    const std::string text = net::replace_markers(plan_.answer(id)->url, plan_.phone.identity).text;
    if (const auto url = net::Url::parse(text)) {
      (first ? winner_targets_ : loser_targets_).push_back(url->target());
    }
  }
}

std::string TraceReading::race_problem(const Variant& variant) const {
  if (!plan_.race || !variant.missing.empty()) return {};
  std::string missing;
  for (const std::string& answer : variant.order) {
    if (std::ranges::find(arrivals_, answer, &Arrival::answer) != arrivals_.end()) continue;
    bool held = false;
    for (const TraceRecord record : trace_) {
      if (record.is<RaceAnswerHeld>() && record.field("answer") == answer) held = true;
    }
    missing += fmt::format("{}'{}' ({})", missing.empty() ? "" : ", ", answer,
                           held ? "due, but it did not arrive" : "never asked for");
  }
  if (!missing.empty()) {
    return fmt::format("the race did not form: missing {}; see the time line by --verbose",
                       missing);
  }
  for (std::size_t i = 0; i < arrivals_.size(); ++i) {
    if (arrivals_[i].answer == variant.order[i] &&
        (i == 0 || arrivals_[i - 1].at < arrivals_[i].at)) {
      continue;
    }
    return fmt::format(
        "the race did not form: '{}' arrived at {}, where '{}' was to arrive; give the race a "
        "longer gap",
        arrivals_[i].answer, provlab::to_string(arrivals_[i].at.time_since_epoch()),
        variant.order[i]);
  }
  return {};
}

std::string TraceReading::first_source() const {
  return arrivals_.empty() ? "none" : plan_.answer(arrivals_.front().answer)->kind;
}

std::vector<Finding> TraceReading::unperformed() const {
  std::vector<Finding> findings;
  const auto check = [&](int line, const Moment& at, std::string_view what) {
    if (at.anchor.empty() || moment(at)) return;
    Finding finding;
    finding.line = line;
    finding.text = fmt::format("<{} at=\"{}\">", what, at.to_string());
    finding.held = false;
    finding.expected =
        fmt::format("the event {} happens, because the timeline waits for it", at.anchor);
    finding.actual = "it never happened, so this was never done";
    findings.push_back(std::move(finding));
  };
  for (const Action& action : plan_.timeline) check(action.line, action.at, "timeline");
  if (plan_.until) check(0, *plan_.until, "timeline until");
  return findings;
}

std::string RequestPattern::to_string() const {
  std::string text = !path.empty() ? "GET " + path : !is.empty() ? is : "any request";
  if (!kind.empty()) text += " (" + kind + ")";
  if (!to.empty()) text += " at " + to;
  return text + TraceReading::text_of(when);
}

std::string EventPattern::to_string() const {
  std::string text = name;
  for (const FieldPattern& field : fields) {
    text += field.is ? fmt::format(" with {} = '{}'", field.field, *field.is)
                     : fmt::format(" with '{}' in {}", field.contains, field.field);
  }
  if (!host.empty()) text += " on " + host;
  return text + TraceReading::text_of(when);
}

}  // namespace provlab::lab
