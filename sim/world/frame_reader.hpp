#pragma once
#include <expected>
#include <variant>

#include "sim/world/frame.hpp"

namespace provlab::world {

/// What was read, or why it is nothing that we take.
template <class T>
using FrameRead = std::expected<T, FrameFault>;

/// A frame from its Ethernet header on, as a capture or an interface gives it; what stands behind
/// the IPv4 datagram is padding. A VLAN tag is stepped over.
FrameRead<EthernetFrame> read_frame(BytesView octets);

using Message = std::variant<Packet, IcmpMessage, IgmpMessage>;

/// What a whole datagram carries. A packet's link addresses and number are left open. Checksums
/// must be right, or such as a sender on the same machine leaves to an interface that never reckons
/// them: none at all with UDP, or the pseudo header's alone.
FrameRead<Message> read_message(const IpDatagram& datagram);

}  // namespace provlab::world
