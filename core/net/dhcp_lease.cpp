#include "core/net/dhcp_lease.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/task_group.hpp"

namespace provlab::net {

namespace {

constexpr std::uint32_t kInfiniteSeconds = 0xffffffff;
constexpr std::size_t kLongestDomain = 253;  // RFC 1035 2.3.4, as text
constexpr std::size_t kLongestLabel = 63;

Instant after(Instant start, Duration time) {
  return time == kInfiniteLease ? kNever : start + time;
}

/// RFC 791 3.2: what a host assumed before there were masks. Kea leaves the mask out at times.
unsigned classful_prefix(Ipv4Address address) {
  if (address.value >> 31 == 0) return 8;
  return address.value >> 30 == 2 ? 16 : 24;
}

void keep_hosts(std::vector<Ipv4Address>& addresses) {
  std::erase_if(addresses, [](Ipv4Address address) { return !address.is_unicast(); });
}

void read_times(const DhcpMessage& message, std::uint32_t seconds, Lease& lease) {
  if (seconds == kInfiniteSeconds) {
    lease.lease_time = lease.t1 = lease.t2 = kInfiniteLease;
    return;
  }
  const auto given = [&](std::uint8_t code, Duration otherwise) -> Duration {
    const auto value = message.number(code);
    return value ? std::chrono::seconds(*value) : otherwise;
  };
  lease.lease_time = std::chrono::seconds(seconds);
  const Duration usual_t1 = lease.lease_time / 2;
  const Duration usual_t2 = lease.lease_time / 8 * 7;
  lease.t1 = given(dhcp_option::kRenewalTime, usual_t1);
  lease.t2 = given(dhcp_option::kRebindingTime, usual_t2);
  const bool ordered =
      lease.t1 > Duration::zero() && lease.t1 < lease.t2 && lease.t2 < lease.lease_time;
  if (ordered) return;
  lease.t1 = usual_t1;
  lease.t2 = usual_t2;
}

}  // namespace

Instant Lease::renew_at() const {
  return after(begins_at, t1);
}
Instant Lease::rebind_at() const {
  return after(begins_at, t2);
}
Instant Lease::expires_at() const {
  return after(begins_at, lease_time);
}

std::string domain_of(const DhcpMessage& message) {
  std::string domain = message.text(dhcp_option::kDomainName).value_or("");
  if (domain.ends_with('.')) domain.pop_back();
  if (domain.size() > kLongestDomain) return {};
  for (std::size_t at = 0; at <= domain.size();) {
    const std::size_t end = std::min(domain.find('.', at), domain.size());
    if (end == at || end - at > kLongestLabel) return {};
    at = end + 1;
  }
  return domain;
}

bool same_configuration(const Lease& a, const Lease& b) {
  return a.configuration == b.configuration && a.dns_servers == b.dns_servers &&
         a.ntp_servers == b.ntp_servers && a.domain == b.domain;
}

Expected<Lease> read_lease(const DhcpMessage& message, Instant begins_at, Instant bound_at) {
  const auto server = message.address(dhcp_option::kServerIdentifier);
  if (!server) return fail("there is no server identifier (option 54)");
  if (!server->is_unicast()) {
    return fail(fmt::format("the server identifier {} is no host's address", server->to_string()));
  }
  if (!message.yiaddr.is_unicast()) {
    return fail(
        fmt::format("the address offered, {}, is no host's address", message.yiaddr.to_string()));
  }
  const auto seconds = message.number(dhcp_option::kLeaseTime);
  if (!seconds) return fail("there is no lease time (option 51)");
  if (*seconds == 0) return fail("the lease time is 0");
  Lease lease;
  lease.configuration.address.address = message.yiaddr;
  lease.configuration.address.prefix_length = classful_prefix(message.yiaddr);
  if (const auto netmask = message.address(dhcp_option::kSubnetMask)) {
    const Expected<unsigned> prefix = prefix_length_of(*netmask);
    if (!prefix) return std::unexpected(prefix.error());
    lease.configuration.address.prefix_length = *prefix;
  }
  std::vector<Ipv4Address> routers = message.addresses(dhcp_option::kRouter);
  keep_hosts(routers);
  if (!routers.empty()) lease.configuration.router = routers.front();
  lease.dns_servers = message.addresses(dhcp_option::kDnsServer);
  keep_hosts(lease.dns_servers);
  lease.ntp_servers = message.addresses(dhcp_option::kNtpServer);
  keep_hosts(lease.ntp_servers);
  lease.domain = domain_of(message);
  lease.server = *server;
  lease.begins_at = begins_at;
  lease.bound_at = bound_at;
  lease.ack = message;
  read_times(message, *seconds, lease);
  return lease;
}

}  // namespace provlab::net
