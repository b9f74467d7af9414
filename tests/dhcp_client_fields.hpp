#pragma once
#include "core/net/dhcp_message.hpp"

namespace provlab::test {

/// What a server reads of a client's message, and the client of none.
inline void read_client_fields(BytesView octets, net::DhcpMessage& message) {
  message.secs = static_cast<std::uint16_t>(octets[8] << 8 | octets[9]);
  message.broadcast = octets[10] == 0x80;
  message.ciaddr = Ipv4Address::of(octets[12], octets[13], octets[14], octets[15]);
}

}  // namespace provlab::test
