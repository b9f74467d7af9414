#include "netfakes/dhcp_leases.hpp"

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
  const auto others_of = [&](const Holders& holders, auto counts) {
    for (auto holder = holders.lower_bound({address, MacAddress{}});
         holder != holders.end() && holder->first == address; ++holder) {
      if (holder->second != client && counts(holder->second)) return true;
    }
    return false;
  };
  return others_of(kept_, [](const MacAddress&) { return true; }) ||
         others_of(holders_,
                   [&](const MacAddress& other) { return bound_.find(other)->second.until > now; });
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
  release(client);
  bound_.emplace(client, Binding{address, until});
  holders_.emplace(address, client);
}

void DhcpLeases::release(MacAddress client) {
  const auto found = bound_.find(client);
  if (found == bound_.end()) return;
  holders_.erase({found->second.address, client});
  bound_.erase(found);
}

void DhcpLeases::declined(MacAddress client, Ipv4Address address) {
  unusable_.insert(address);
  release(client);
}

}  // namespace provlab::netfakes
