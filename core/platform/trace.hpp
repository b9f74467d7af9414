#pragma once
#include <algorithm>
#include <array>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/address.hpp"
#include "core/platform/time.hpp"

namespace provlab {

/// Index of a host in its trace; hosts are numbered in the order they are added.
enum class HostId : std::uint16_t {};

/// Number of an event in its trace, from 1; 0 means "none".
using EventNumber = std::uint32_t;

/// Text that only grows. Half of what a run costs beside its transfers is writing its trace, so the
/// pieces are put down without a call each.
class TextBuffer {
 public:
  std::size_t size() const { return size_; }
  std::string_view view() const { return {storage_.data(), size_}; }
  /// Where at least `octets` more may be written; wrote() says how far that went.
  char* room(std::size_t octets) {
    if (storage_.size() - size_ < octets) grow(octets);
    return storage_.data() + size_;
  }
  void wrote(const char* end) { size_ = static_cast<std::size_t>(end - storage_.data()); }
  void append(std::string_view text) {
    wrote(std::copy_n(text.data(), text.size(), room(text.size())));
  }

 private:
  void grow(std::size_t octets);
  std::string storage_;  // its size is what is allocated
  std::size_t size_ = 0;
};

/// Where a field of an event stands in the text of its trace.
struct FieldPlace {
  std::string_view key;  // a literal
  std::uint32_t begin;   // of the value as it is written, quotation marks included
  std::uint32_t length;
};

/// Writes the fields of one event as JSON members, `,"key":value`. Where `places` is given, it
/// notes there where they stand; the keys must then be literals.
class FieldWriter {
 public:
  explicit FieldWriter(TextBuffer& out, std::vector<FieldPlace>* places = nullptr)
      : out_(out), places_(places) {}
  void operator()(std::string_view key, std::string_view value);
  void operator()(std::string_view key, const char* value) {
    (*this)(key, std::string_view(value));
  }
  void operator()(std::string_view key, const std::string& value) {
    (*this)(key, std::string_view(value));
  }
  void operator()(std::string_view key, bool value);
  template <std::integral T>
  requires(!std::same_as<T, bool>) void operator()(std::string_view key, T value) {
    integer(key, static_cast<std::int64_t>(value));
  }
  void operator()(std::string_view key, Duration value);  ///< text with a unit: "30ms"
  void operator()(std::string_view key, WallTime value);  ///< RFC 3339
  void operator()(std::string_view key, Ipv4Address value);
  void operator()(std::string_view key, Endpoint value);
  void operator()(std::string_view key, MacAddress value);
  template <class T>
  void operator()(std::string_view key, const std::optional<T>& value) {
    if (value) (*this)(key, *value);  // an absent field is left out
  }

 private:
  /// Writes `,"key":` and gives where at least `octets` of the value may follow.
  char* name(std::string_view key, std::size_t octets);
  /// The value ends here.
  void wrote(const char* end);
  void integer(std::string_view key, std::int64_t value);
  TextBuffer& out_;
  std::vector<FieldPlace>* places_;
};

/// What can be recorded: a struct with `static constexpr std::string_view name` (snake_case, past
/// tense) and `void fields(auto&& field) const` that calls field("key", value) in a fixed order.
/// Each room declares its own in its events.hpp.
template <class E>
concept TraceEvent = requires(const E& e, FieldWriter& w) {
  { E::name } -> std::convertible_to<std::string_view>;
  e.fields(w);
};

/// What kind of event a record is, by its address: quicker than by its name.
struct EventType {
  std::string_view name;
};
template <TraceEvent E>
inline constexpr EventType kEventType{E::name};

/// One recorded event, seen through the trace that owns it; valid until the next record().
class TraceRecord {
 public:
  EventNumber number() const { return number_; }
  Instant at() const { return at_; }
  HostId host() const { return host_; }
  EventNumber cause() const { return cause_; }
  std::string_view event() const { return type_->name; }
  bool is(std::string_view name) const { return type_->name == name; }
  template <TraceEvent E>
  bool is() const {
    return type_ == &kEventType<E>;
  }
  /// The value of a field as text (JSON escapes undone), or nothing where the event has no such
  /// field.
  std::optional<std::string> field(std::string_view key) const;
  /// field(key) == value, without a copy.
  bool says(std::string_view key, std::string_view value) const;
  /// The fields as they are written, `,"key":value` each: to compare, not to read.
  std::string_view members() const { return members_; }
  /// The fields in their order, as text.
  std::vector<std::pair<std::string, std::string>> fields() const;

 private:
  friend class Trace;
  const FieldPlace* place_of(std::string_view key) const;
  std::string_view raw(const FieldPlace& place) const {
    return {text_ + place.begin, place.length};
  }

  EventNumber number_ = 0;
  EventNumber cause_ = 0;
  Instant at_{};
  HostId host_{};
  const EventType* type_ = nullptr;
  const char* text_ = nullptr;  // of the whole trace
  std::span<const FieldPlace> places_;
  std::string_view members_;  // ,"key":value,"key":value
};

/// Everything that happened in a world, in order; the only thing that verdicts, reports and the
/// explorer read. One line of JSON per event:
/// `{"n":3,"time_ns":1000000,"host":"device","cause":1,"event":"dhcp_sent",...}`.
/// Same scenario and same seed give the same bytes (SPEC I11).
class Trace {
 public:
  HostId add_host(std::string name);
  const std::string& host_name(HostId id) const {
    return hosts_[static_cast<std::size_t>(id)].name;
  }
  std::optional<HostId> find_host(std::string_view name) const;

  template <TraceEvent E>
  EventNumber record(HostId host, Instant at, const E& event) {
    open_record(host, at, kEventType<E>);
    FieldWriter writer(text_, &places_);
    event.fields(writer);
    return close_record();
  }

  /// The event that what runs now is a consequence of: worlds set it before they run a callback.
  EventNumber cause() const { return cause_; }
  void set_cause(EventNumber number) { cause_ = number; }

  std::size_t size() const { return entries_.size(); }
  TraceRecord operator[](std::size_t index) const {
    const Entry& entry = entries_[index];
    const std::string_view text = text_.view();
    TraceRecord record;
    record.number_ = static_cast<EventNumber>(index + 1);
    record.cause_ = entry.cause;
    record.at_ = entry.at;
    record.host_ = entry.host;
    record.type_ = entry.type;
    record.text_ = text.data();
    record.places_ = {places_.data() + entry.first_place, entry.places};
    record.members_ = {text.data() + entry.members, entry.length};
    return record;
  }

  class Iterator {
   public:
    Iterator(const Trace& trace, std::size_t index) : trace_(&trace), index_(index) {}
    TraceRecord operator*() const { return (*trace_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return index_ == other.index_; }

   private:
    const Trace* trace_;
    std::size_t index_;
  };
  Iterator begin() const { return {*this, 0}; }
  Iterator end() const { return {*this, entries_.size()}; }

  /// The trace as JSON lines. The view is valid until the next record().
  std::string_view json_lines() const { return text_.view(); }
  /// Over json_lines().
  std::uint64_t checksum() const;

 private:
  struct Entry {
    Instant at;
    std::uint32_t members;  // offsets into text_
    std::uint32_t length;
    std::uint32_t first_place;  // into places_
    EventNumber cause;
    HostId host;
    std::uint16_t places;
    const EventType* type;
  };
  void open_record(HostId host, Instant at, const EventType& type);
  EventNumber close_record();

  struct HostEntry {
    std::string name;
    std::string member;  // ,"host":"name"
  };

  std::vector<HostEntry> hosts_;
  std::vector<Entry> entries_;
  std::vector<FieldPlace> places_;  // of all fields of all events
  TextBuffer text_;
  EventNumber cause_ = 0;

  // The member for the time of the last event: many happen at one instant.
  Instant time_text_of_{};
  std::array<char, 32> time_text_{};
  std::size_t time_text_octets_ = 0;
};

}  // namespace provlab
