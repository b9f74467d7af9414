#pragma once
#include <algorithm>
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

/// Writes the fields of one event as JSON members: `,"key":value`. Keys are literals.
class FieldWriter {
 public:
  explicit FieldWriter(TextBuffer& out) : out_(out) {}
  void operator()(std::string_view key, std::string_view value);
  void operator()(std::string_view key, const char* value) {
    (*this)(key, std::string_view(value));
  }
  void operator()(std::string_view key, const std::string& value) {
    (*this)(key, std::string_view(value));
  }
  void operator()(std::string_view key, bool value);
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  void operator()(std::string_view key, T value) {
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
  void integer(std::string_view key, std::int64_t value);
  TextBuffer& out_;
};

/// What can be recorded: a struct with `static constexpr std::string_view name` (snake_case, past
/// tense) and `void fields(auto&& field) const` that calls field("key", value) in a fixed order.
/// Each room declares its own in its events.hpp.
template <class E>
concept TraceEvent = requires(const E& e, FieldWriter& w) {
  { E::name } -> std::convertible_to<std::string_view>;
  e.fields(w);
};

/// One recorded event, seen through the trace that owns it.
class TraceRecord {
 public:
  EventNumber number() const { return number_; }
  Instant at() const { return at_; }
  HostId host() const { return host_; }
  EventNumber cause() const { return cause_; }
  std::string_view event() const { return name_; }
  bool is(std::string_view name) const { return name_ == name; }
  template <TraceEvent E>
  bool is() const {
    return name_ == E::name;
  }
  /// The value of a field as text (JSON escapes undone), or nothing where the event has no such
  /// field.
  std::optional<std::string> field(std::string_view key) const;
  /// The fields as they are written, `,"key":value` each: to compare, not to read.
  std::string_view members() const { return members_; }
  /// The fields in their order, as text.
  std::vector<std::pair<std::string, std::string>> fields() const;

 private:
  friend class Trace;
  EventNumber number_ = 0;
  EventNumber cause_ = 0;
  Instant at_{};
  HostId host_{};
  std::string_view name_;
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
    TextBuffer& out = open_record(host, at, E::name);
    FieldWriter writer(out);
    event.fields(writer);
    return close_record();
  }

  /// The event that what runs now is a consequence of: worlds set it before they run a callback.
  EventNumber cause() const { return cause_; }
  void set_cause(EventNumber number) { cause_ = number; }

  std::size_t size() const { return entries_.size(); }
  TraceRecord operator[](std::size_t index) const;

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
  /// FNV-1a-like 64-bit checksum over json_lines().
  std::uint64_t checksum() const;

 private:
  struct Entry {
    Instant at;
    std::uint32_t members;  // offsets into text_
    std::uint32_t length;
    EventNumber cause;
    HostId host;
    std::string_view name;  // a literal
  };
  TextBuffer& open_record(HostId host, Instant at, std::string_view name);
  EventNumber close_record();

  struct HostEntry {
    std::string name;
    std::string member;  // ,"host":"name"
  };

  std::vector<HostEntry> hosts_;
  std::vector<Entry> entries_;
  TextBuffer text_;
  EventNumber cause_ = 0;
};

}  // namespace provlab
