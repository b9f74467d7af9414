#include <fmt/format.h>

#include "core/net/dhcp_client.hpp"
#include "core/net/dhcp_events.hpp"

// The part of the DHCP client that looks whether a leased address is free (RFC 2131 3.1, 4.4.4).
namespace provlab::net {

namespace {

using std::chrono::seconds;

// RFC 5227 1.1, without its random wait before the first probe.
constexpr unsigned kProbes = 3;
constexpr Duration kShortestProbeWait = seconds(1);
constexpr Duration kLongestProbeWait = seconds(2);
constexpr Duration kAnnounceWait = seconds(2);
constexpr unsigned kMostConflicts = 10;
constexpr Duration kRateLimit = seconds(60);

constexpr Duration kDeclinedRestart = seconds(10);  // RFC 2131 3.1

}  // namespace

/// Whether another host has the address of the lease. Then it has been declined, and so long been
/// waited as comes before another DISCOVER.
Task<bool> DhcpClient::taken(LinkSocket& socket, const Lease& lease) {
  if (!options_.arp_probe) co_return false;
  const Ipv4Address address = lease.configuration.address.address;
  const std::optional<MacAddress> holder = co_await probe(address);
  if (!holder) co_return false;
  const Duration wait = ++conflicts_ < kMostConflicts ? kDeclinedRestart : kRateLimit;
  host_.record(AddressConflict{address, *holder, lease.server, wait});
  decline(socket, lease, *holder);
  trouble_ = fmt::format("{} leased {}, which another device has already ({})",
                         lease.server.to_string(), address.to_string(), holder->to_string());
  if (lease_ && lease_->configuration.address.address == address) {
    lose("another device has it: " + holder->to_string());
  }
  co_await pause_until(host_.now() + wait);
  co_return true;
}

/// Who else has the address; nothing where nobody has said so until it may be used.
Task<std::optional<MacAddress>> DhcpClient::probe(Ipv4Address address) {
  for (unsigned probe = 1; probe <= kProbes; ++probe) {
    host_.record(AddressProbed{address, probe});
    const Duration wait = probe == kProbes
                              ? kAnnounceWait
                              : host_.random().between(kShortestProbeWait, kLongestProbeWait);
    const auto holder = co_await probe_until(host_, address, host_.now() + wait);
    if (holder) co_return holder;
    // Without a cable nobody can answer; its return ends this conversation.
    if (!host_.link_up()) co_await pause_until(kNever);
  }
  co_return std::nullopt;
}

/// With what RFC 2131 table 5 lets a DECLINE hold.
void DhcpClient::decline(LinkSocket& socket, const Lease& lease, MacAddress holder) {
  DhcpMessage decline =
      identified(DhcpType::decline, static_cast<std::uint32_t>(host_.random().next()));
  decline.set_address(dhcp_option::kRequestedAddress, lease.configuration.address.address);
  decline.set_address(dhcp_option::kServerIdentifier, lease.server);
  decline.set_text(dhcp_option::kMessage, "in use by " + holder.to_string());
  send_link(socket, decline, "declining", 1);
}

}  // namespace provlab::net
