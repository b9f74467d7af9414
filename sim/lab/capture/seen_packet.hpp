#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "sim/world/packet.hpp"

namespace provlab::lab {

/// A packet from or to the phone, as it was captured: a whole datagram of UDP, or a segment of TCP.
struct SeenPacket {
  std::int64_t time = 0;  ///< in nanoseconds since 1970
  std::size_t frame = 0;  ///< its number in the file; of fragments that of the last
  bool by_phone = false;
  world::Protocol protocol = world::Protocol::udp;
  std::optional<MacAddress> source;
  Endpoint from;
  Endpoint to;
  std::uint8_t ttl = 0;
  std::uint16_t identification = 0;
  world::TcpFlags flags;              ///< TCP
  std::uint32_t sequence = 0;         ///< TCP
  std::uint32_t acknowledgement = 0;  ///< TCP
  std::string payload;
  std::size_t whole = 0;  ///< of the payload on the wire; more than there is: the frame was cut
  bool cut() const { return whole > payload.size(); }
};

}  // namespace provlab::lab
