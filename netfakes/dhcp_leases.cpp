#include "netfakes/dhcp_leases.hpp"

#include <algorithm>

namespace provlab::netfakes {

std::optional<Ipv4Address> DhcpLeases::of(MacAddress client) const {
  const auto found = bound_.find(client);
  if (found == bound_.end()) return std::nullopt;
  return found->second.address;
}

bool DhcpLeases::in_pool(Ipv4Address address) const {
  return address.value >= first_.value && address.value - first_.value < size_ &&
         address != server_;
}

bool DhcpLeases::taken_by_another(MacAddress client, Ipv4Address address, Instant now) const {
  if (unusable_.contains(address)) return true;
  const auto is_kept = [&](const auto& entry) {
    return entry.first != client && entry.second == address;
  };
  const auto is_bound = [&](const auto& entry) {
    return entry.first != client && entry.second.address == address && entry.second.until > now;
  };
  return std::ranges::any_of(fixed_, is_kept) || std::ranges::any_of(bound_, is_bound);
}

bool DhcpLeases::allowed(MacAddress client, Ipv4Address address, Instant now) const {
  if (const auto fixed = fixed_.find(client); fixed != fixed_.end()) {
    return fixed->second == address;
  }
  if (taken_by_another(client, address, now)) return false;
  return in_pool(address) || of(client) == address;
}

std::optional<Ipv4Address> DhcpLeases::choose(MacAddress client, std::optional<Ipv4Address> wanted,
                                              Instant now) const {
  if (const auto fixed = fixed_.find(client); fixed != fixed_.end()) return fixed->second;
  if (const auto former = of(client); former && allowed(client, *former, now)) return former;
  if (wanted && allowed(client, *wanted, now)) return wanted;
  for (unsigned i = 0; i < size_; ++i) {
    const Ipv4Address address{first_.value + i};
    if (allowed(client, address, now)) return address;
  }
  return std::nullopt;
}

void DhcpLeases::bind(MacAddress client, Ipv4Address address, Instant until) {
  bound_[client] = {address, until};
}

void DhcpLeases::declined(MacAddress client, Ipv4Address address) {
  unusable_.insert(address);
  bound_.erase(client);
}

}  // namespace provlab::netfakes
