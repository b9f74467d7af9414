#pragma once
#include <string>

#include "core/platform/host.hpp"

namespace provlab::world {

enum class Protocol : std::uint8_t { udp = 17, tcp = 6 };

struct TcpFlags {
  bool syn = false;
  bool ack = false;
  bool fin = false;
  bool rst = false;
  bool psh = false;
};

/// One IPv4 packet in its Ethernet frame, as fields; bytes are made only for a capture. Not
/// modelled: IP options, fragmentation (a large datagram travels whole), ICMP, ARP exchanges.
struct Packet {
  std::uint64_t number = 0;  ///< in the order of sending, from 1
  Protocol protocol = Protocol::udp;
  TcpFlags flags;
  std::uint8_t ttl = 64;
  MacAddress source;
  MacAddress destination;
  Endpoint from;
  Endpoint to;
  std::uint32_t sequence = 0;         ///< TCP
  std::uint32_t acknowledgement = 0;  ///< TCP
  std::uint16_t window = 0;           ///< TCP
  Bytes payload;

  std::string flags_text() const;  ///< "SYN,ACK"; empty for UDP
  /// A segment that only acknowledges.
  bool bare_ack() const {
    return protocol == Protocol::tcp && payload.empty() && !flags.syn && !flags.fin && !flags.rst;
  }
};

}  // namespace provlab::world
