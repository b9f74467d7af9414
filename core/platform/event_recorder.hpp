#pragma once
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/text_buffer.hpp"
#include "core/platform/trace_entry.hpp"

namespace provlab {

/// Takes the fields of one event. Keys are literals.
class FieldRecorder {
 public:
  FieldRecorder(std::vector<TraceField>& fields, TextBuffer& texts)
      : fields_(fields), texts_(texts) {}
  void operator()(std::string_view key, std::string_view value);
  void operator()(std::string_view key, const char* value) {
    (*this)(key, std::string_view(value));
  }
  void operator()(std::string_view key, const std::string& value) {
    (*this)(key, std::string_view(value));
  }
  void operator()(std::string_view key, bool value) {
    put(key, value ? 1U : 0U, TraceField::Kind::flag);
  }
  template <std::integral T>
  requires(!std::same_as<T, bool>) void operator()(std::string_view key, T value) {
    put(key, static_cast<std::uint64_t>(static_cast<std::int64_t>(value)),
        TraceField::Kind::integer);
  }
  void operator()(std::string_view key, Duration value);  ///< text with a unit: "30ms"
  void operator()(std::string_view key, WallTime value);  ///< RFC 3339
  void operator()(std::string_view key, MacAddress value);
  void operator()(std::string_view key, Ipv4Address value) {
    put(key, value.value, TraceField::Kind::address);
  }
  void operator()(std::string_view key, Endpoint value) {
    put(key, std::uint64_t{value.address.value} << 16 | value.port, TraceField::Kind::endpoint);
  }
  template <class T>
  void operator()(std::string_view key, const std::optional<T>& value) {
    if (value) (*this)(key, *value);  // an absent field is left out
  }

 private:
  void put(std::string_view key, std::uint64_t value, TraceField::Kind kind);

  std::vector<TraceField>& fields_;
  TextBuffer& texts_;
};

/// What can be recorded: a struct with `static constexpr std::string_view name` (snake_case, past
/// tense) and `void fields(auto&& field) const` that calls field("key", value) in a fixed order.
/// Each room declares its own in its events.hpp.
template <class E>
concept TraceEvent = requires(const E& e, FieldRecorder& recorder) {
  { E::name } -> std::convertible_to<std::string_view>;
  e.fields(recorder);
};

template <TraceEvent E>
inline constexpr EventType kEventType{E::name};

/// Takes down what happens (D1): events, each with the host, the time and the cause. What becomes
/// of them is the business of the world (`sim/record/trace.hpp`); nothing of the telephone reads
/// them.
class EventRecorder {
 public:
  EventRecorder(const EventRecorder&) = delete;
  EventRecorder& operator=(const EventRecorder&) = delete;
  virtual ~EventRecorder() = default;

  template <TraceEvent E>
  EventNumber record(HostId host, Instant at, const E& event) {
    FieldRecorder recorder = open_record(host, at, kEventType<E>);
    event.fields(recorder);
    return close_record();
  }

  /// The event that what runs now is a consequence of: worlds set it before they run a callback.
  EventNumber cause() const { return cause_; }
  void set_cause(EventNumber number) { cause_ = number; }
  /// The number of the last event; 0 where there is none.
  EventNumber last() const { return before_ + static_cast<EventNumber>(entries_.size()); }

 protected:
  static constexpr std::size_t kMostEntries = 16384;

  EventRecorder() = default;
  /// There are kMostEntries of entries_, and one more is to come.
  virtual void make_room() = 0;

  std::vector<TraceEntry> entries_;
  std::vector<TraceField> fields_;  // of entries_
  TextBuffer texts_;                // of all fields that are text
  EventNumber before_ = 0;          // the number before the first of entries_

 private:
  FieldRecorder open_record(HostId host, Instant at, const EventType& type);
  EventNumber close_record();

  EventNumber cause_ = 0;
};

}  // namespace provlab
