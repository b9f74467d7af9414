#pragma once
#include "sim/world/packet.hpp"

/// What the network itself records. Bare TCP acknowledgements are left out.
namespace provlab::world {

struct PacketSent {
  static constexpr std::string_view name = "packet_sent";
  const Packet& packet;
  void fields(auto&& field) const {
    field("packet", packet.number);
    field("protocol", packet.protocol == Protocol::udp ? "udp" : "tcp");
    field("from", packet.from);
    field("to", packet.to);
    if (packet.protocol == Protocol::tcp) field("flags", packet.flags_text());
    if (packet.to.address.is_multicast()) field("ttl", packet.ttl);
    field("octets", packet.payload.size());
  }
};

struct PacketReceived {
  static constexpr std::string_view name = "packet_received";
  std::uint64_t packet;
  Endpoint from;
  void fields(auto&& field) const {
    field("packet", packet);
    field("from", from);
  }
};

struct PacketLost {
  static constexpr std::string_view name = "packet_lost";
  std::uint64_t packet;
  Endpoint to;
  std::string_view reason;
  void fields(auto&& field) const {
    field("packet", packet);
    field("to", to);
    field("reason", reason);
  }
};

struct AddressConfigured {
  static constexpr std::string_view name = "address_configured";
  InterfaceConfiguration configuration;
  void fields(auto&& field) const {
    field("address", configuration.address.address);
    field("prefix", configuration.address.prefix_length);
    field("router", configuration.router);
  }
};

struct AddressRemoved {
  static constexpr std::string_view name = "address_removed";
  Ipv4Address address;
  void fields(auto&& field) const { field("address", address); }
};

struct PowerChanged {
  static constexpr std::string_view name = "power_changed";
  bool on;
  void fields(auto&& field) const { field("on", on); }
};

struct LinkChanged {
  static constexpr std::string_view name = "link_changed";
  bool up;
  void fields(auto&& field) const { field("up", up); }
};

}  // namespace provlab::world
