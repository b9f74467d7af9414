#pragma once
#include <vector>

#include "sim/world/frame.hpp"

namespace provlab::world {

/// The datagram that carries a packet, with its checksum.
IpDatagram datagram_of(const Packet& packet, std::uint16_t identification);
IpDatagram datagram_of(Ipv4Address from, Ipv4Address to, const IcmpMessage& message);
/// As RFC 2236 2 wants it: to the group, TTL 1, with router alert; a leave goes to all routers.
IpDatagram datagram_of(Ipv4Address from, const IgmpMessage& message);

/// A frame as it stands on the wire, from the Ethernet header on, without frame check sequence;
/// padded to 60 octets as Ethernet pads.
Bytes write_frame(const MacAddress& destination, const MacAddress& source, const IpDatagram& ip);
Bytes write_frame(const MacAddress& destination, const MacAddress& source, const ArpMessage& arp);

/// The frames of a datagram: one, or fragments where it is longer than `mtu` and may be cut.
std::vector<Bytes> write_frames(const MacAddress& destination, const MacAddress& source,
                                IpDatagram datagram, std::size_t mtu = kEthernetMtu);

}  // namespace provlab::world
