#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/platform/address.hpp"
#include "core/platform/time.hpp"

/// What a trace keeps of an event.
namespace provlab {

/// Index of a host in its trace; hosts are numbered in the order they are added.
enum class HostId : std::uint16_t {};

/// Number of an event in its trace, from 1; 0 means "none".
using EventNumber = std::uint32_t;

/// A field of an event as it was recorded. Half of what a run costs beside its transfers once was
/// writing its trace, so it becomes text only when somebody asks for text.
struct TraceField {
  enum class Kind : std::uint8_t { text, integer, flag, address, endpoint };

  std::string_view key;  // a literal
  std::uint64_t value;   // of a text: where it begins and how long it is
  Kind kind;

  std::size_t begin() const { return value >> 32; }
  std::size_t length() const { return value & 0xffffffffU; }
  std::int64_t integer() const { return static_cast<std::int64_t>(value); }
  bool flag() const { return value != 0; }
  Ipv4Address address() const { return {static_cast<std::uint32_t>(value)}; }
  Endpoint endpoint() const {
    return {{static_cast<std::uint32_t>(value >> 16)}, static_cast<Port>(value)};
  }
};

/// What kind of event a record is, by its address: quicker than by its name.
struct EventType {
  std::string_view name;
};
/// An event as it was recorded, beside the fields of all events.
struct TraceEntry {
  Instant at;
  const EventType* type;
  std::uint32_t first_field;
  EventNumber cause;
  HostId host;
  std::uint16_t fields;
};

}  // namespace provlab
