#include "tools/device/phone_watch.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <ctime>

#include "core/service/events.hpp"
#include "core/settings/events.hpp"
#include "sim/lab/trace/narration.hpp"
#include "sim/phone/events.hpp"
#include "sim/record/trace.hpp"
#include "sim/wire/events.hpp"
#include "sim/world/events.hpp"

namespace provlab::tools {

namespace {

std::string time_of_day() {
  return fmt::format("{:%H:%M:%S}", fmt::localtime(std::time(nullptr)));
}

}  // namespace

std::vector<PhoneWatch::Line> PhoneWatch::look() {
  std::vector<Line> lines;
  while (seen_ < trace_.last()) see(trace_.event(++seen_), lines);
  return lines;
}

std::optional<std::string> PhoneWatch::refused_setting() const {
  for (const TraceRecord record : trace_) {
    if (!record.is<phone::SettingRefused>()) continue;
    return record.field("reason").value_or("");
  }
  return std::nullopt;
}

void PhoneWatch::see(const TraceRecord& record, std::vector<Line>& lines) {
  follow(record);
  const auto field = [&record](std::string_view key) { return record.field(key); };
  if (telling_ == Telling::everything && !lab::told_by_others(record.event(), field)) {
    const Duration since = record.at().time_since_epoch();
    lines.push_back(
        {fmt::format("{:10.6f} s{}  {}", std::chrono::duration<double>(since).count(),
                     since < std::chrono::minutes(1) ? std::string() : " " + time_of_day(),
                     lab::sentence_of(trace_, record))});
  }
  if (auto line = line_of(record)) lines.push_back(std::move(*line));
}

/// What the phone does from this event on.
void PhoneWatch::follow(const TraceRecord& record) {
  const auto field = [&record](std::string_view key) { return record.field(key).value_or("-"); };
  if (record.is<phone::PoweredOn>()) {
    state_ = "boots";
  } else if (record.is<phone::PoweredOff>()) {
    state_ = "is off";
  } else if (record.is<service::RunStarted>()) {
    run_ = fmt::format("run {} ({})", field("run"), field("trigger"));
    state_ = run_ + " waits for the network";
  } else if (record.is<service::PreconditionMet>()) {
    state_ = run_ + (record.says("precondition", "network") ? " waits for the time"
                                                            : " looks for its URL");
  } else if (record.is<service::UrlChosen>()) {
    url_ = field("url");
    state_ = run_ + " loads its settings";
  } else if (record.is<service::RunEnded>()) {
    result_ = record.field("result");
    sentence_ = record.field("sentence").value_or("");
    state_ = fmt::format("{} ended {}", run_, *result_);
  }
}

/// What its owner is told of even where not everything is.
std::optional<PhoneWatch::Line> PhoneWatch::line_of(const TraceRecord& record) {
  const auto field = [&record](std::string_view key) { return record.field(key).value_or("-"); };
  if (record.is<service::RunEnded>()) {
    return Line{fmt::format("{}  {}: {}", time_of_day(), run_, sentence_)};
  }
  if (record.is<phone::SettingRefused>()) {
    return Line{fmt::format("the phone refuses {}: {}", field("path"), field("reason")), true};
  }
  if (record.is<settings::StoreFailed>()) {
    return Line{fmt::format("the phone's store cannot be written, so it has not taken a change: {}",
                            field("reason")),
                true};
  }
  if (record.is<settings::StoreDamaged>()) {
    return Line{
        fmt::format("the phone's store was damaged, and it begins with factory settings: {}",
                    field("reason")),
        true};
  }
  if (record.is<world::LinkChanged>()) {
    return Line{fmt::format("{}  the cable is {}", time_of_day(),
                            record.says("up", "true") ? "in" : "out")};
  }
  if (record.is<wire::AddressContested>()) {
    std::string text = fmt::format("the address {} of the phone is that of {} as well",
                                   field("address"), field("by"));
    if (contested_.insert(text).second) return Line{std::move(text), true};
  }
  return std::nullopt;
}

}  // namespace provlab::tools
