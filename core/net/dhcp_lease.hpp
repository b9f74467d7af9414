#pragma once
#include <string>
#include <vector>

#include "core/net/dhcp_message.hpp"

namespace provlab::net {

/// Lease time, T1 and T2 of a lease that never ends.
inline constexpr Duration kInfiniteLease = Duration::max();

/// The server that sent a message: its option 54, where that is there and a host's address.
Expected<Ipv4Address> server_of(const DhcpMessage& message);

/// What a server offered: an address that a host can have.
struct Offer {
  InterfaceAddress address;
  Ipv4Address server;
  std::vector<OptionLeftOut> left_out;  ///< a mask that is none
};

/// Reads the offer out of an OFFER. An error says what makes it unusable (SPEC 2.6): no server
/// identifier, or an address that no host can have there. Without a mask that can be used the
/// address class decides.
Expected<Offer> read_offer(const DhcpMessage& message);

/// What a server granted.
struct Lease {
  InterfaceConfiguration configuration;
  std::vector<Ipv4Address> dns_servers, ntp_servers;
  std::string domain;  ///< as domain_of() reads it
  Ipv4Address server;
  Duration lease_time{}, t1{}, t2{};  ///< counted from `begins_at`; kInfiniteLease is possible
  Instant begins_at;                  ///< when the granted REQUEST was sent (RFC 2131 4.4.5)
  Instant bound_at;                   ///< when its ACK arrived
  DhcpMessage ack;
  std::vector<OptionLeftOut> left_out;  ///< of `ack`

  /// What was wrong with an option of this code that does not count: part of a sentence, mostly
  /// empty.
  std::string why_left_out(std::uint8_t code) const;
  bool infinite() const { return lease_time == kInfiniteLease; }
  Instant renew_at() const;   ///< T1; kNever for an infinite lease
  Instant rebind_at() const;  ///< T2
  Instant expires_at() const;
};

/// The domain of option 15 (SPEC 3.8) in a lease or an answer to DHCPINFORM, without the NUL and
/// the dot at its end. Empty where it is absent or can be no domain: longer than 253 octets, or
/// with a label that is empty or longer than 63.
std::string domain_of(const DhcpMessage& message);

/// Reads the lease out of an ACK. An error says what makes it unusable: what read_offer() says, or
/// no lease time. T1 and T2 that are absent are 0.5 and 0.875 of the lease time, and so is each of
/// them that makes no sense: it is 0, T2 not before the end or without room for any T1, T1 not
/// before T2.
Expected<Lease> read_lease(const DhcpMessage& message, Instant begins_at, Instant bound_at);

}  // namespace provlab::net
