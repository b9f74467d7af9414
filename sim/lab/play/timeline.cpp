#include "sim/lab/play/timeline.hpp"

#include <algorithm>
#include <utility>

#include "core/service/events.hpp"

namespace provlab::lab {

namespace {

constexpr Duration kSettle = std::chrono::seconds(1);
constexpr Duration kPatience = std::chrono::hours(1);

}  // namespace

Timeline::Timeline(const ScenarioPlan& plan, Put put) : plan_(plan), put_(std::move(put)) {}

void Timeline::begin() {
  const auto start = Instant{};
  for (const Action& action : plan_.timeline) {
    ++outstanding_;
    if (action.at.anchor.empty()) {
      schedule(action, start + action.at.offset);
    } else {
      pending_.push_back({&action});
    }
  }
  if (plan_.until && plan_.until->anchor.empty()) until_ = start + plan_.until->offset;
  watching_ = !pending_.empty() || (plan_.until && !until_);
}

bool Timeline::anchored(const Moment& moment, const TraceRecord& record) {
  if (record.is(moment.anchor)) return true;
  return record.is<service::RunEnded>() && record.says("result", moment.anchor);
}

void Timeline::look(const Trace& trace) {
  while (watched_ < trace.last()) {
    const TraceRecord record = trace.event(++watched_);
    for (std::size_t i = 0; i < pending_.size(); ++i) {
      Pending& pending = pending_[i];
      const Moment& at = pending.action->at;
      if (pending.done || !anchored(at, record) || ++pending.seen != at.nth) continue;
      pending.done = true;
      schedule(*pending.action, record.at() + at.offset);
    }
    if (plan_.until && !until_ && anchored(*plan_.until, record) &&
        ++until_seen_ == plan_.until->nth) {
      until_ = record.at() + plan_.until->offset;
    }
  }
}

void Timeline::schedule(const Action& action, Instant when) {
  last_action_ = std::max(last_action_, when);
  put_(action, when);
}

void Timeline::add(Instant when) {
  ++outstanding_;
  last_action_ = std::max(last_action_, when);
}

bool Timeline::impatient(Instant now) const {
  return now > std::max(last_action_, until_.value_or(Instant{})) + kPatience;
}

Instant Timeline::settled(Instant now) const {
  return std::max(now, last_action_) + kSettle;
}

}  // namespace provlab::lab
