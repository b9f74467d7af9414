#pragma once
#include <optional>

#include "sim/lab/capture/capture_reader.hpp"
#include "sim/world/frame.hpp"

namespace provlab::lab {

/// An IPv4 datagram, or a fragment of one, as a frame has it. Unlike world::read_frame() this takes
/// what was cut, and copies nothing: most of a capture is of no interest.
struct SeenDatagram {
  std::optional<MacAddress> source;  ///< nothing where the link does not say it
  std::optional<MacAddress> destination;
  std::optional<std::uint16_t> vlan;  ///< of the innermost tag
  Ipv4Address from;
  Ipv4Address to;
  world::IpProtocol protocol{};
  std::uint8_t ttl = 0;
  std::uint16_t identification = 0;
  bool more = false;       ///< fragments follow
  std::size_t offset = 0;  ///< of a fragment, in octets
  BytesView payload;
  std::size_t whole = 0;  ///< how long the payload was on the wire
  bool fragment() const { return more || offset != 0; }
};

/// Through Ethernet with VLAN tags, Linux cooked captures of both versions, loopback and raw IP.
/// Nothing where there is no IPv4 in it, or too little of it to know.
std::optional<SeenDatagram> look_through(const CapturedFrame& frame);

/// Whether frames of that LINKTYPE_ are looked through at all.
bool is_known_link(int link);

/// The ports of UDP or TCP; nothing where they are not there.
struct SeenPorts {
  Port from = 0;
  Port to = 0;
};
std::optional<SeenPorts> ports_of(const SeenDatagram& datagram);

/// What UDP carries, with the length that its header says; for TCP what stands behind its header.
BytesView carried_by(const SeenDatagram& datagram);

}  // namespace provlab::lab
