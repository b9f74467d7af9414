#include "sim/world/frame.hpp"

namespace provlab::world {

std::string_view words_for(FrameFault fault) {
  switch (fault) {
    case FrameFault::too_short:
      return "shorter than an Ethernet header";
    case FrameFault::source_is_a_group:
      return "a group as sender";
    case FrameFault::foreign_type:
      return "neither IPv4 nor ARP";
    case FrameFault::arp_malformed:
      return "malformed ARP";
    case FrameFault::arp_foreign:
      return "ARP for something else than IPv4 on Ethernet";
    case FrameFault::ip_version:
      return "a version of IP that is not 4";
    case FrameFault::ip_header_length:
      return "wrong header length of IPv4";
    case FrameFault::ip_length:
      return "wrong length of IPv4";
    case FrameFault::ip_checksum:
      return "wrong checksum of IPv4";
    case FrameFault::ip_source:
      return "an IPv4 sender that can be nobody";
    case FrameFault::foreign_protocol:
      return "a protocol that nobody here speaks";
    case FrameFault::fragment_length:
      return "a fragment of a length that none can have";
    case FrameFault::fragment_overlap:
      return "fragments that overlap";
    case FrameFault::fragment_too_far:
      return "a fragment beyond the end";
    case FrameFault::fragments_too_many:
      return "too many unfinished fragments";
    case FrameFault::fragment_missing:
      return "fragments of which some never came";
    case FrameFault::udp_length:
      return "wrong length of UDP";
    case FrameFault::udp_checksum:
      return "wrong checksum of UDP";
    case FrameFault::tcp_length:
      return "wrong header length of TCP";
    case FrameFault::tcp_checksum:
      return "wrong checksum of TCP";
    case FrameFault::icmp_length:
      return "ICMP cut short";
    case FrameFault::icmp_checksum:
      return "wrong checksum of ICMP";
    case FrameFault::igmp_length:
      return "IGMP cut short";
    case FrameFault::igmp_checksum:
      return "wrong checksum of IGMP";
  }
  return "an unknown fault";
}

}  // namespace provlab::world
