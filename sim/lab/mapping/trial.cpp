#include "sim/lab/mapping/trial.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "core/discovery/events.hpp"
#include "netfakes/events.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/trace/narration.hpp"
#include "sim/world/events.hpp"

namespace provlab::lab {

namespace {

Variant variant_at(const TrialSetting& setting, const PlanePoint& point) {
  Variant variant;
  variant.delays.emplace(setting.x.answer, point.x);
  if (setting.y) variant.delays.emplace(setting.y->answer, point.y);
  return variant;
}

/// Reads what a border can come from, event by event.
class Watch {
 public:
  Watch(const Trace& trace, HostId device) : trace_(trace), device_(device) {}

  WatchedTrial read() {
    for (const TraceRecord record : trace_) take(record);
    return std::move(seen_);
  }

 private:
  void take(const TraceRecord& record) {
    if (record.is<netfakes::AnswerSent>()) {
      sent_.emplace(record.number(), record.field("answer").value_or(""));
    } else if (record.is<world::PacketSent>()) {
      if (const auto answer = sent_.find(record.cause()); answer != sent_.end()) {
        packets_.emplace(record.number(), answer->second);
      }
    }
    if (record.host() != device_) return;
    if (record.is<world::PacketReceived>()) {
      const auto packet = packets_.find(record.cause());
      if (packet == packets_.end()) return;
      seen_.arrivals.push_back({packet->second, record.at(), record.number()});
    } else if (record.is<discovery::SourceStarted>()) {
      asked_[record.field("source").value_or("")] = record.at();
    } else if (record.is<discovery::SourceFailed>() && !follows_arrival(record)) {
      const std::string source = record.field("source").value_or("");
      seen_.given_up.push_back({source, record.at(), record.at() - asked_[source]});
    } else if (!follows_arrival(record) && !record.is<world::PacketSent>()) {
      seen_.deeds.push_back({sentence_of(trace_, record), record.at()});
    }
  }

  /// Whether what led to it arrived in the same instant; else it is a timer that led to it.
  bool follows_arrival(const TraceRecord& record) const {
    return record.cause() != 0 && trace_.event(record.cause()).at() == record.at();
  }

  const Trace& trace_;
  HostId device_;
  WatchedTrial seen_;
  std::map<EventNumber, std::string> sent_;     ///< answers, by their events
  std::map<EventNumber, std::string> packets_;  ///< the same, by their packets
  std::map<std::string, Instant> asked_;
};

}  // namespace

OutcomeClass outcome_at(const TrialSetting& setting, const PlanePoint& point) {
  const Variant variant = variant_at(setting, point);
  Play play(setting.plan, variant, setting.seed, setting.limits);
  play.run();
  return outcome_of(play.trace(), play.configuration());
}

WatchedTrial watched_trial(const TrialSetting& setting, const PlanePoint& point) {
  const Variant variant = variant_at(setting, point);
  Play play(setting.plan, variant, setting.seed, setting.limits);
  play.run();
  return Watch(play.trace(), play.device().id()).read();
}

std::vector<std::string> answers_of(const Shared<ScenarioPlan>& plan, std::uint64_t seed,
                                    const RunLimits& limits) {
  std::set<std::string> ids;
  for (const NamedAnswer& answer : plan->answers) ids.insert(answer.id);
  const Variant natural;
  Play play(plan, natural, seed, limits);
  play.run();
  for (const TraceRecord record : play.trace()) {
    if (record.is<netfakes::AnswerSent>()) ids.insert(record.field("answer").value_or(""));
  }
  return {ids.begin(), ids.end()};
}

}  // namespace provlab::lab
