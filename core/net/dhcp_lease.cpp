#include "core/net/dhcp_lease.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/net/dns_message.hpp"
#include "core/platform/task_group.hpp"

namespace provlab::net {

namespace {

constexpr std::uint32_t kInfiniteSeconds = 0xffffffff;
constexpr unsigned kLongestPrefixWithBroadcast = 30;  // RFC 3021

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

/// The address class decides where there is no mask that a host could use.
unsigned read_prefix(const DhcpMessage& message, std::vector<OptionLeftOut>& left_out) {
  const unsigned otherwise = classful_prefix(message.yiaddr);
  const auto netmask = message.address(dhcp_option::kSubnetMask);
  if (!netmask) return otherwise;
  const Expected<unsigned> prefix = prefix_length_of(*netmask);
  if (prefix && *prefix != 0) return *prefix;
  left_out.push_back(
      {dhcp_option::kSubnetMask, prefix ? "0.0.0.0 is no netmask of a host" : prefix.error().text});
  return otherwise;
}

/// What makes an address unusable for this host (RFC 1122 3.2.1.3), as the end of a sentence.
std::string_view address_fault(const InterfaceAddress& address, Ipv4Address server) {
  if (!address.address.is_unicast()) return "is no host's address";
  if (address.address == server) return "is the server's own";
  if (address.prefix_length > kLongestPrefixWithBroadcast) return "";
  const std::uint32_t host_part = address.address.value & ~address.mask();
  if (host_part == 0) return "is the address of its network";
  return host_part == ~address.mask() ? "is the broadcast address of its network" : "";
}

/// T1 or T2, where it is there and lies before `end`.
Duration read_time(const DhcpMessage& message, std::uint8_t code, Duration otherwise, Duration end,
                   std::vector<OptionLeftOut>& left_out) {
  const auto seconds = message.number(code);
  if (!seconds) return otherwise;
  const Duration time = std::chrono::seconds(*seconds);
  if (time > Duration::zero() && time < end) return time;
  left_out.push_back(
      {code, fmt::format("{} s are not between 0 s and {}", *seconds, provlab::to_string(end))});
  return otherwise;
}

void read_times(const DhcpMessage& message, std::uint32_t seconds, Lease& lease) {
  if (seconds == kInfiniteSeconds) {
    lease.lease_time = lease.t1 = lease.t2 = kInfiniteLease;
    return;
  }
  lease.lease_time = std::chrono::seconds(seconds);
  const Duration usual_t1 = lease.lease_time / 2;
  const Duration usual_t2 = lease.lease_time / 8 * 7;
  lease.t2 =
      read_time(message, dhcp_option::kRebindingTime, usual_t2, lease.lease_time, lease.left_out);
  const std::uint32_t t1 = message.number(dhcp_option::kRenewalTime).value_or(0);
  const bool room_for_t1 = usual_t1 < lease.t2 || (t1 != 0 && std::chrono::seconds(t1) < lease.t2);
  if (!room_for_t1) {
    lease.left_out.push_back(
        {dhcp_option::kRebindingTime,
         fmt::format("{} leave no time for T1", provlab::to_string(lease.t2))});
    lease.t2 = usual_t2;
  }
  lease.t1 = read_time(message, dhcp_option::kRenewalTime, usual_t1, lease.t2, lease.left_out);
}

}  // namespace

std::string Lease::why_left_out(std::uint8_t code) const {
  const auto option = std::ranges::find(left_out, code, &OptionLeftOut::code);
  if (option == left_out.end()) return {};
  return fmt::format("option {} of the lease was left out: {}", code, option->reason);
}

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
  return has_lengths_of_name(domain) ? domain : std::string();
}

Expected<Ipv4Address> server_of(const DhcpMessage& message) {
  const auto server = message.address(dhcp_option::kServerIdentifier);
  if (!server) return fail("there is no server identifier (option 54)");
  if (!server->is_unicast()) {
    return fail(fmt::format("the server identifier {} is no host's address", server->to_string()));
  }
  return *server;
}

Expected<Offer> read_offer(const DhcpMessage& message) {
  const Expected<Ipv4Address> server = server_of(message);
  if (!server) return std::unexpected(server.error());
  Offer offer;
  offer.server = *server;
  offer.address.address = message.yiaddr;
  offer.address.prefix_length = read_prefix(message, offer.left_out);
  const std::string_view fault = address_fault(offer.address, *server);
  if (!fault.empty()) {
    return fail(fmt::format("the address offered, {}/{}, {}", message.yiaddr.to_string(),
                            offer.address.prefix_length, fault));
  }
  return offer;
}

Expected<Lease> read_lease(const DhcpMessage& message, Instant begins_at, Instant bound_at) {
  Expected<Offer> offer = read_offer(message);
  if (!offer) return std::unexpected(offer.error());
  const auto seconds = message.number(dhcp_option::kLeaseTime);
  if (!seconds) return fail("there is no lease time (option 51)");
  if (*seconds == 0) return fail("the lease time is 0");
  Lease lease;
  lease.configuration.address = offer->address;
  lease.left_out = std::move(offer->left_out);
  std::vector<Ipv4Address> routers = message.addresses(dhcp_option::kRouter);
  keep_hosts(routers);
  if (!routers.empty()) lease.configuration.router = routers.front();
  lease.dns_servers = message.addresses(dhcp_option::kDnsServer);
  keep_hosts(lease.dns_servers);
  lease.ntp_servers = message.addresses(dhcp_option::kNtpServer);
  keep_hosts(lease.ntp_servers);
  lease.domain = domain_of(message);
  lease.server = offer->server;
  lease.begins_at = begins_at;
  lease.bound_at = bound_at;
  lease.ack = message;
  read_times(message, *seconds, lease);
  return lease;
}

}  // namespace provlab::net
