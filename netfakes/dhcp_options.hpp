#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "netfakes/dhcp_wire.hpp"

/// What a DHCP server puts into its replies, before it is laid out.
namespace provlab::netfakes {

DhcpOption address_option(std::uint8_t code, Ipv4Address address);
DhcpOption text_option(std::uint8_t code, std::string_view text, bool nul_terminated);

/// The options of an OFFER or ACK, those that the client asked for, in the order ISC dhcpd sends
/// them. An answer to INFORM grants no lease (RFC 2131 4.3.5).
std::vector<DhcpOption> granting_options(const DhcpQuery& query, const DhcpSettings& settings,
                                         const InterfaceAddress& server);

std::string_view reply_name(DhcpType type);  ///< `offer`, `ack`, `nak`

/// What the client is told that matters to provisioning, for the trace: `ack 192.0.2.100 66=…`.
std::string summarize(const DhcpReply& reply, const DhcpLayout& layout,
                      const DhcpSettings& settings);

}  // namespace provlab::netfakes
