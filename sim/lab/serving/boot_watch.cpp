#include "sim/lab/serving/boot_watch.hpp"

#include <utility>

namespace provlab::lab {

namespace {

constexpr Duration kSilence = std::chrono::seconds(90);  // RFC 2131 4.1: clients wait 64 s at most
constexpr std::size_t kMostPhones = 65536;

/// Whether a client begins with it.
bool begins(const net::DhcpMessage& message) {
  using net::DhcpType;
  if (message.type == DhcpType::discover || message.type == DhcpType::inform) return true;
  return message.type == DhcpType::request && message.ciaddr.is_any() &&
         !message.address(net::dhcp_option::kServerIdentifier);
}

}  // namespace

bool BootWatch::heard(Instant at, const net::DhcpMessage& message) {
  const auto known = phones_.find(message.chaddr);
  const bool fresh = known == phones_.end();
  if (fresh && phones_.size() >= kMostPhones) return false;
  Phone& phone = fresh ? phones_[message.chaddr] : known->second;
  const bool silent = at - std::exchange(phone.spoke, at) >= kSilence;
  if (message.type == net::DhcpType::decline) phone.lease.reset();
  if (!begins(message)) return false;
  if (std::exchange(expected_, false)) {
    phone.lease.reset();
    excused_ = false;
    return true;
  }
  if (message.type == net::DhcpType::inform) return fresh;
  if (std::exchange(excused_, false)) return false;
  const bool leased = phone.lease && at < phone.lease_ends;
  const bool boots = fresh || leased || (silent && !phone.lease);
  if (boots) phone.lease.reset();
  return boots;
}

void BootWatch::told(Instant at, const net::DhcpMessage& message) {
  const auto known = phones_.find(message.chaddr);
  if (known == phones_.end()) return;
  if (message.type == net::DhcpType::nak) known->second.lease.reset();
  if (message.type != net::DhcpType::ack || message.yiaddr.is_any()) return;
  known->second.lease = message.yiaddr;
  const auto seconds = message.number(net::dhcp_option::kLeaseTime).value_or(0xffffffff);
  known->second.lease_ends = at + std::chrono::seconds(seconds);
}

std::optional<Ipv4Address> BootWatch::address_of(MacAddress phone) const {
  const auto known = phones_.find(phone);
  return known == phones_.end() ? std::nullopt : known->second.lease;
}

}  // namespace provlab::lab
