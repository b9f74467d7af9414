#include "tools/device/phone_record.hpp"

#include <utility>

#include "sim/record/trace.hpp"

namespace provlab::tools {

namespace {

/// The log of the Web UI is read from the trace, when somebody asks for it.
constexpr EventNumber kEventsKept = 10'000;

}  // namespace

Expected<PhoneRecord> PhoneRecord::begin(const std::string& trace, const std::string& capture) {
  PhoneRecord record;
  for (const auto& [name, file] :
       {std::pair(&trace, &record.trace_), std::pair(&capture, &record.capture_)}) {
    if (name->empty()) continue;
    auto created = lab::GrowingFile::create(*name);
    if (!created) return std::unexpected(std::move(created.error()));
    *file = std::move(*created);
  }
  if (record.capture_) {
    auto keys = TlsKeys::begin();
    if (!keys) return std::unexpected(std::move(keys.error()));
    record.keys_.emplace(std::move(*keys));
  }
  return record;
}

Expected<void> PhoneRecord::keep(PluggedPhone& phone) {
  Trace& trace = phone.world().trace();
  Expected<void> kept;
  if (trace_) {
    const std::string_view lines = trace.json_lines();
    kept = append(trace_, lines.substr(told_));
    told_ = lines.size();
  }
  if (trace.size() >= 2 * kEventsKept) {
    trace.forget_before(trace.last() + 1 - kEventsKept);
    told_ = trace_ ? trace.json_lines().size() : 0;
  }
  if (keys_) phone.add_keys(keys_->take());
  const std::string captured = phone.take_capture();
  if (const auto too = append(capture_, captured); kept && !too) kept = too;
  return kept;
}

Expected<void> PhoneRecord::append(std::optional<lab::GrowingFile>& file,
                                   std::string_view content) {
  if (!file || content.empty()) return {};
  auto appended = file->append(content);
  if (!appended) file.reset();
  return appended;
}

}  // namespace provlab::tools
