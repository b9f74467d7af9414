#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "netfakes/answer_rules.hpp"
#include "netfakes/dhcp_config.hpp"
#include "netfakes/ntp_responder.hpp"
#include "netfakes/sip_request.hpp"

/// What a host sends without being asked, as data.
namespace provlab::netfakes {

/// A time that nobody asked for (RFC 5905 3, mode 5), or a message of another mode.
struct NtpPush {
  NtpSettings settings;
  unsigned mode = 5;
};

/// A server's message that follows no client's: FORCERENEW (RFC 3203), or another.
struct DhcpPush {
  std::uint8_t type = 9;
  std::uint32_t transaction = 0;
  MacAddress client;
  std::optional<Ipv4Address> address;  ///< yiaddr
  std::vector<DhcpOption> options;     ///< without 54 among them the sender's address is in it
};

struct Unprompted {
  Answer answer;  ///< its id and faults; the id is derived where empty
  std::variant<Bytes, SipRequest, NtpPush, DhcpPush> message;
};

/// How the trace calls the protocol of a message: `udp`, `sip`, `ntp` or `dhcp`.
std::string_view protocol_of(const Unprompted& unprompted);
/// What it is: `datagram`, `OPTIONS`, `broadcast`, `forcerenew`.
std::string name_of(const Unprompted& unprompted);
std::string name_of(const DhcpPush& push);

}  // namespace provlab::netfakes
