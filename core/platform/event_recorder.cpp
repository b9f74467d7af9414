#include "core/platform/event_recorder.hpp"

#include "core/platform/user_info.hpp"
#include "core/platform/utf8.hpp"

namespace provlab {

void FieldRecorder::put(std::string_view key, std::uint64_t value, TraceField::Kind kind) {
  fields_.push_back({key, value, kind});
}

void FieldRecorder::operator()(std::string_view key, std::string_view value) {
  std::string hidden;
  if (may_have_user_info(value)) {
    hidden = hide_user_info(value);
    value = hidden;
  }
  const std::size_t begin = texts_.size();
  if (is_ascii(value)) {
    texts_.append(value);
  } else {
    texts_.append(clean_utf8(value));
  }
  put(key, std::uint64_t{begin} << 32 | (texts_.size() - begin), TraceField::Kind::text);
}

void FieldRecorder::operator()(std::string_view key, Duration value) {
  (*this)(key, to_string(value));
}

void FieldRecorder::operator()(std::string_view key, WallTime value) {
  (*this)(key, to_string(value));
}

void FieldRecorder::operator()(std::string_view key, MacAddress value) {
  (*this)(key, value.to_string());
}

FieldRecorder EventRecorder::open_record(HostId host, Instant at, const EventType& type) {
  if (entries_.empty()) {
    constexpr std::size_t kEventsOfOrdinaryBoot = 256;
    entries_.reserve(kEventsOfOrdinaryBoot);
    fields_.reserve(4 * kEventsOfOrdinaryBoot);
  }
  if (entries_.size() >= kMostEntries) [[unlikely]]
    make_room();
  entries_.push_back({.at = at,
                      .type = &type,
                      .first_field = static_cast<std::uint32_t>(fields_.size()),
                      .cause = cause_,
                      .host = host,
                      .fields = 0});
  return {fields_, texts_};
}

EventNumber EventRecorder::close_record() {
  TraceEntry& entry = entries_.back();
  entry.fields = static_cast<std::uint16_t>(fields_.size() - entry.first_field);
  return last();
}

}  // namespace provlab
