#include "sim/web/device_log.hpp"

#include <algorithm>

#include "core/platform/text.hpp"
#include "core/service/events.hpp"
#include "sim/record/trace.hpp"
#include "sim/text/without_middle.hpp"

namespace provlab::web {

namespace {

/// `run_ended` with its fields: for a world in which nobody narrates.
std::optional<std::string> told_plainly(const TraceRecord& record) {
  if (record.event().starts_with("packet_")) return std::nullopt;
  std::string text(record.event());
  std::ranges::replace(text, '_', ' ');
  for (const auto& [key, value] : record.fields()) text += ", " + key + " " + value;
  return without_middle(text);
}

}  // namespace

DeviceLog::DeviceLog(Host& host, const Trace* trace, Narrator narrate)
    : host_(host), trace_(trace), narrate_(narrate ? std::move(narrate) : told_plainly) {}

void DeviceLog::look() {
  if (trace_ == nullptr) return;
  const Trace& trace = *trace_;
  seen_ = std::max(seen_, trace.first() - 1);  // it may have forgotten some
  while (seen_ < trace.last()) {
    const TraceRecord record = trace.event(++seen_);
    if (record.host() != host_.id()) continue;  // other machines are none of its business
    if (record.is<service::RunEnded>()) {
      last_run_ = Run{record.at(), record.field("result").value_or(""),
                      record.field("sentence").value_or("")};
    }
    std::optional<std::string> text = narrate_(record);
    if (!text) continue;
    lines_.push_back({record.number(), record.at(), std::move(*text)});
    if (lines_.size() > kMost) lines_.pop_front();
  }
}

}  // namespace provlab::web
