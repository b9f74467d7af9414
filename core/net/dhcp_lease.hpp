#pragma once
#include <string>
#include <vector>

#include "core/net/dhcp_message.hpp"

namespace provlab::net {

/// Lease time, T1 and T2 of a lease that never ends.
inline constexpr Duration kInfiniteLease = Duration::max();

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

  bool infinite() const { return lease_time == kInfiniteLease; }
  Instant renew_at() const;   ///< T1; kNever for an infinite lease
  Instant rebind_at() const;  ///< T2
  Instant expires_at() const;
};

/// The domain of option 15 (SPEC 3.8) in a lease or an answer to DHCPINFORM, without the NUL and
/// the dot at its end. Empty where it is absent or can be no domain: longer than 253 octets, or
/// with a label that is empty or longer than 63.
std::string domain_of(const DhcpMessage& message);

/// Whether host and resolver would be set up alike; times and server do not matter.
bool same_configuration(const Lease& a, const Lease& b);

/// Reads the lease out of an OFFER or ACK. An error says what makes it unusable: no server
/// identifier, no lease time, no host address, a netmask with holes. Without a netmask the address
/// class decides; T1 and T2 that are absent or out of order become 0.5 and 0.875 of the lease time.
Expected<Lease> read_lease(const DhcpMessage& message, Instant begins_at, Instant bound_at);

}  // namespace provlab::net
