#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/platform/event_recorder.hpp"
#include "core/platform/text_buffer.hpp"
#include "sim/record/packed_events.hpp"

namespace provlab {

/// One recorded event, seen through the trace that owns it; valid until the next record(), and in a
/// packed part of it until PackedEvents::kOpen other parts were looked at.
class TraceRecord {
 public:
  EventNumber number() const { return number_; }
  Instant at() const { return at_; }
  HostId host() const { return host_; }
  EventNumber cause() const { return cause_; }
  std::string_view event() const { return type_->name; }
  const EventType& type() const { return *type_; }
  bool is(std::string_view name) const { return type_->name == name; }
  template <TraceEvent E>
  bool is() const {
    return type_ == &kEventType<E>;
  }
  /// The value of a field as text, as JSON has it without its quotation marks; nothing where the
  /// event has no such field. What was no UTF-8 is U+FFFD.
  std::optional<std::string> field(std::string_view key) const;
  /// field(key) == value, without a copy.
  bool says(std::string_view key, std::string_view value) const;
  /// The fields in their order, as text.
  std::vector<std::pair<std::string, std::string>> fields() const;
  /// Over the event's kind and all its fields.
  std::uint64_t checksum(std::uint64_t basis) const;

 private:
  friend class Trace;
  const TraceField* find(std::string_view key) const;
  std::string_view text_of(const TraceField& field) const {
    return {texts_ + field.begin(), field.length()};
  }
  std::string value_of(const TraceField& field) const;
  void write_to(TextBuffer& out) const;

  EventNumber number_ = 0;
  EventNumber cause_ = 0;
  Instant at_{};
  HostId host_{};
  const EventType* type_ = nullptr;
  const char* texts_ = nullptr;  // of all events
  std::span<const TraceField> fields_;
};

/// Everything that happened in a world, in order; the only thing that verdicts, reports and the
/// explorer read (D1). It becomes text on demand (D29), one line of JSON per event:
/// `{"n":3,"time_ns":1000000,"host":"device","cause":1,"event":"dhcp_sent",...}`.
/// Same scenario and same seed give the same bytes (SPEC I11). Of a trace longer than any ordinary
/// one what is not of the last thousands of events is packed (D46): slower to read, and a tenth as
/// large.
class Trace final : public EventRecorder {
 public:
  HostId add_host(std::string name);
  const std::string& host_name(HostId id) const { return hosts_[static_cast<std::size_t>(id)]; }
  std::optional<HostId> find_host(std::string_view name) const;

  /// Of the events that are kept.
  std::size_t size() const { return last() - forgotten_; }
  /// The number of the first event that is kept.
  EventNumber first() const { return forgotten_ + 1; }
  /// Lets go of what happened before that event, in worlds that live for days: numbers stay as they
  /// are. Costs time in proportion to what is kept unpacked.
  void forget_before(EventNumber number);
  /// The event of that number; it must be kept.
  TraceRecord event(EventNumber number) const {
    if (number <= before_) [[unlikely]]
      return packed_event(number);
    return record_of(number, entries_[number - before_ - 1], fields_.data(), texts_.view().data());
  }

  class Iterator {
   public:
    Iterator(const Trace& trace, EventNumber number) : trace_(&trace), number_(number) {}
    TraceRecord operator*() const { return trace_->event(number_); }
    Iterator& operator++() {
      ++number_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return number_ == other.number_; }

   private:
    const Trace* trace_;
    EventNumber number_;
  };
  Iterator begin() const { return {*this, first()}; }
  Iterator end() const { return {*this, last() + 1}; }

  /// The trace as JSON lines, written when first asked for. The view is valid until it is asked for
  /// again after a record().
  std::string_view json_lines() const;
  /// The same of the events from `first` to before `end`, without keeping it: for long traces.
  std::string json_lines(EventNumber first, EventNumber end) const;
  /// Over all that json_lines() tells: where this is the same, so are those.
  std::uint64_t checksum() const;
  /// The memory that it takes.
  std::size_t octets() const {
    return entries_.capacity() * sizeof(TraceEntry) + fields_.capacity() * sizeof(TraceField) +
           texts_.octets() + json_.octets() + packed_.octets();
  }

 private:
  static_assert(kMostEntries == 2 * PackedEvents::kBlock);

  static TraceRecord record_of(EventNumber number, const TraceEntry& entry,
                               const TraceField* fields, const char* texts) {
    TraceRecord record;
    record.number_ = number;
    record.cause_ = entry.cause;
    record.at_ = entry.at;
    record.host_ = entry.host;
    record.type_ = entry.type;
    record.texts_ = texts;
    record.fields_ = {fields + entry.first_field, entry.fields};
    return record;
  }
  TraceRecord packed_event(EventNumber number) const;
  void write_line(EventNumber number, TextBuffer& out) const;
  void make_room() override;
  /// The first so many of entries_, with their fields and texts.
  void drop_entries(std::size_t count);

  std::vector<std::string> hosts_;
  PackedEvents packed_;        // what was before entries_, as far as it is not forgotten
  EventNumber forgotten_ = 0;  // how many

  mutable TextBuffer json_;
  mutable EventNumber in_json_ = 0;  // the last event written to it
};

}  // namespace provlab
