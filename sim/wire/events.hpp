#pragma once
#include "core/platform/host.hpp"

/// What the plug to a real network records.
namespace provlab::wire {

/// The clock had reached events, and they were run so much later: at most, in one turn of the loop.
struct WorldLate {
  static constexpr std::string_view name = "world_late";
  Duration by;
  void fields(auto&& field) const { field("by", by); }
};

/// Since the port was opened, or since it was last told.
struct FramesDropped {
  static constexpr std::string_view name = "frames_dropped";
  std::string_view reason;
  std::uint64_t count;
  void fields(auto&& field) const {
    field("reason", reason);
    field("count", count);
  }
};

/// Somebody has the address that a host of ours has or is to have.
struct AddressContested {
  static constexpr std::string_view name = "address_contested";
  Ipv4Address address;
  MacAddress by;
  void fields(auto&& field) const {
    field("address", address);
    field("by", by);
  }
};

/// An ICMP message says that what a host of ours has sent has not arrived.
struct UnreachableTold {
  static constexpr std::string_view name = "unreachable_told";
  Ipv4Address by;
  Endpoint to;  ///< where it was sent
  std::uint64_t code;
  void fields(auto&& field) const {
    field("by", by);
    field("to", to);
    field("code", code);
  }
};

}  // namespace provlab::wire
