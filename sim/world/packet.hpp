#pragma once
#include <optional>
#include <string>
#include <vector>

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

/// What a segment says behind its header: RFC 9293 3.2, RFC 7323, RFC 2018.
struct TcpOptions {
  struct Timestamps {
    std::uint32_t value = 0;
    std::uint32_t echo = 0;
    friend bool operator==(const Timestamps&, const Timestamps&) = default;
  };
  /// Octets that have arrived out of order: from `first` to before `end`.
  struct Range {
    std::uint32_t first = 0;
    std::uint32_t end = 0;
    friend bool operator==(const Range&, const Range&) = default;
  };
  std::optional<std::uint16_t> largest_segment{};  ///< of a SYN
  std::optional<std::uint8_t> window_shift{};      ///< of a SYN
  bool selective = false;                          ///< of a SYN: ranges may be sent to its sender
  std::optional<Timestamps> timestamps{};
  std::vector<Range> ranges{};  ///< up to four; three beside timestamps
  friend bool operator==(const TcpOptions&, const TcpOptions&) = default;
};

/// One IPv4 packet in its Ethernet frame, as fields; frame_writer.hpp makes octets of it for a
/// capture or a wire. Not modelled: IP options, fragmentation (a large datagram travels whole),
/// ICMP, ARP exchanges.
struct Packet {
  std::uint64_t number = 0;  ///< in the order of sending, from 1
  Protocol protocol = Protocol::udp;
  TcpFlags flags;
  std::uint8_t ttl = 64;
  MacAddress source;
  MacAddress destination;
  Ipv4Address next_hop;  ///< whose link address a wire is to ask for; any: it is known
  Endpoint from;
  Endpoint to;
  std::uint32_t sequence = 0;         ///< TCP
  std::uint32_t acknowledgement = 0;  ///< TCP
  std::uint16_t window = 0;           ///< TCP
  TcpOptions options;                 ///< TCP
  Bytes payload;

  std::string flags_text() const;  ///< "SYN,ACK"; empty for UDP
  /// A segment that only acknowledges.
  bool bare_ack() const {
    return protocol == Protocol::tcp && payload.empty() && !flags.syn && !flags.fin && !flags.rst;
  }
};

}  // namespace provlab::world
