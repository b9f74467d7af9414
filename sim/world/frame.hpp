#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>

#include "sim/world/packet.hpp"

/// What travels on an Ethernet, as fields. frame_writer.hpp makes octets of it, frame_reader.hpp
/// reads them; both are of RFC 894, 826, 791, 768, 9293, 792 and 2236.
namespace provlab::world {

inline constexpr std::size_t kEthernetMtu = 1500;

/// The link address of a multicast group: its low 23 bits under 01:00:5e (RFC 1112 6.4).
inline MacAddress mac_of_group(Ipv4Address group) {
  return {{0x01, 0x00, 0x5e, static_cast<std::uint8_t>(group.value >> 16 & 0x7f),
           static_cast<std::uint8_t>(group.value >> 8), static_cast<std::uint8_t>(group.value)}};
}

/// ARP for IPv4 on Ethernet.
struct ArpMessage {
  bool reply = false;
  MacAddress sender_mac;
  Ipv4Address sender;  ///< any: a probe, which claims nothing (RFC 5227 1.1)
  MacAddress target_mac;
  Ipv4Address target;
  friend bool operator==(const ArpMessage&, const ArpMessage&) = default;
};

enum class IpProtocol : std::uint8_t { icmp = 1, igmp = 2, tcp = 6, udp = 17 };

/// An IPv4 datagram, or a fragment of one, with what it carries as octets.
struct IpDatagram {
  Ipv4Address from;
  Ipv4Address to;
  IpProtocol protocol = IpProtocol::udp;
  std::uint8_t ttl = 64;
  std::uint16_t identification = 0;
  bool may_fragment = false;
  bool router_alert = false;  ///< the option of RFC 2113; others are skipped
  bool more = false;          ///< fragments follow
  std::size_t offset = 0;     ///< of a fragment, in octets
  Bytes payload;
  bool whole() const { return !more && offset == 0; }
  friend bool operator==(const IpDatagram&, const IpDatagram&) = default;
};

struct IcmpMessage {
  static constexpr std::uint8_t kEchoReply = 0;
  static constexpr std::uint8_t kUnreachable = 3;
  static constexpr std::uint8_t kEcho = 8;
  static constexpr std::uint8_t kPortUnreachable = 3;  ///< code
  std::uint8_t type = kEcho;
  std::uint8_t code = 0;
  std::uint32_t rest = 0;  ///< echo: identifier and number
  Bytes body;              ///< unreachable: the header of what was sent, and eight octets behind it
  friend bool operator==(const IcmpMessage&, const IcmpMessage&) = default;
};

struct IgmpMessage {
  static constexpr std::uint8_t kQuery = 0x11;
  static constexpr std::uint8_t kReport = 0x16;  ///< of version 2
  static constexpr std::uint8_t kLeave = 0x17;
  std::uint8_t type = kReport;
  std::uint8_t most_delay = 0;  ///< of a query: within so many tenths of a second
  Ipv4Address group;            ///< any: a query for all groups
  friend bool operator==(const IgmpMessage&, const IgmpMessage&) = default;
};

struct EthernetFrame {
  MacAddress destination;
  MacAddress source;
  std::optional<std::uint16_t> vlan{};  ///< number of a tag (IEEE 802.1Q); 0: a priority alone
  std::variant<ArpMessage, IpDatagram> content;
};

/// Why octets that came in are nothing that we take.
enum class FrameFault : std::uint8_t {
  // Ethernet
  too_short,
  source_is_a_group,
  foreign_type,
  // ARP
  arp_malformed,
  arp_foreign,
  // IPv4
  ip_version,
  ip_header_length,
  ip_length,
  ip_checksum,
  ip_source,
  foreign_protocol,
  // Fragments
  fragment_length,
  fragment_overlap,
  fragment_too_far,
  fragments_too_many,
  fragment_missing,
  // What IPv4 carries
  udp_length,
  udp_checksum,
  tcp_length,
  tcp_checksum,
  icmp_length,
  icmp_checksum,
  igmp_length,
  igmp_checksum,
};
inline constexpr std::size_t kFrameFaults = static_cast<std::size_t>(FrameFault::igmp_checksum) + 1;

/// A few words, for a report: "wrong checksum of UDP".
std::string_view words_for(FrameFault fault);

/// How often each fault was seen.
class FaultCounts {
 public:
  void add(FrameFault fault) { ++counts_[static_cast<std::size_t>(fault)]; }
  std::uint64_t of(FrameFault fault) const { return counts_[static_cast<std::size_t>(fault)]; }
  std::uint64_t total() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts_) sum += count;
    return sum;
  }

 private:
  std::array<std::uint64_t, kFrameFaults> counts_{};
};

}  // namespace provlab::world
