#include <fmt/format.h>

#include <algorithm>

#include "core/net/dhcp_client.hpp"
#include "core/net/dhcp_events.hpp"

// The half of the DHCP client that has a lease: confirming it, extending it, losing it.
namespace provlab::net {

using std::chrono::seconds;

namespace {

constexpr unsigned kRebootTransmissions = 4;
constexpr Duration kShortestExtensionWait = seconds(60);

std::string lease_text(Duration time) {
  return time == kInfiniteLease ? "infinite" : to_string(time);
}

std::string list_text(const std::vector<Ipv4Address>& addresses) {
  std::string text;
  for (const Ipv4Address address : addresses) {
    if (!text.empty()) text += ',';
    text += address.to_string();
  }
  return text;
}

/// Whether two answers say the same but for the times of the lease.
bool same_options(const DhcpMessage& a, const DhcpMessage& b) {
  const auto differs = [](const DhcpMessage& one, const DhcpMessage& other) {
    for (const std::uint8_t code : one.codes()) {
      const bool time = code == dhcp_option::kLeaseTime || code == dhcp_option::kRenewalTime ||
                        code == dhcp_option::kRebindingTime;
      if (!time && one.option(code) != other.option(code)) return true;
    }
    return false;
  };
  return a.file == b.file && a.sname == b.sname && !differs(a, b) && !differs(b, a);
}

}  // namespace

/// INIT-REBOOT: asks for the lease that there is, of any server (RFC 2131 4.4.2).
Task<DhcpClient::Verdict> DhcpClient::reboot() {
  auto socket = host_.open_link(link_filter());
  if (!socket) {
    host_.record(DhcpSendFailed{DhcpType::request, socket.error().to_string()});
    co_return Verdict::silent;
  }
  const auto xid = static_cast<std::uint32_t>(host_.random().next());
  const Ipv4Address address = lease_->configuration.address.address;
  const Instant began = host_.now();
  for (unsigned attempt = 1; lease_ && attempt <= kRebootTransmissions; ++attempt) {
    DhcpMessage request = message(DhcpType::request, xid, began);
    request.broadcast = true;
    request.set_address(dhcp_option::kRequestedAddress, address);
    send_link(**socket, request, "rebooting", attempt);
    const Instant sent_at = host_.now();
    const Instant deadline = sent_at + retransmission_wait(attempt);
    for (;;) {
      std::optional<DhcpReply> reply = co_await next_reply(**socket, xid, deadline);
      if (!reply) break;
      const auto verdict = co_await judge_reboot(**socket, std::move(*reply), sent_at);
      if (verdict) co_return *verdict;
    }
    go_unconfirmed();
  }
  co_return Verdict::silent;
}

/// What a reply to the REQUEST of INIT-REBOOT decides, if anything.
Task<std::optional<DhcpClient::Verdict>> DhcpClient::judge_reboot(LinkSocket& socket,
                                                                  DhcpReply reply,
                                                                  Instant sent_at) {
  const DhcpType type = reply.message.type;
  if (type == DhcpType::nak) {
    if (lease_) lose(refusal(reply, lease_->configuration.address.address));
    co_return Verdict::refused;
  }
  if (type != DhcpType::ack) {
    ignore(reply, "only an ACK or a NAK is awaited after the cable has come back");
    co_return std::nullopt;
  }
  std::optional<Lease> lease = grant(reply, sent_at);
  if (!lease) co_return std::nullopt;
  if (co_await taken(socket, *lease)) co_return Verdict::refused;
  if (lease_) {
    renew(std::move(*lease));
  } else {
    bind(std::move(*lease));
  }
  co_return Verdict::bound;
}

/// Nobody has answered: the lease counts without a word (RFC 2131 3.2).
void DhcpClient::go_unconfirmed() {
  if (std::exchange(unconfirmed_, false)) changed_.notify_all();
}

/// BOUND, for as long as the lease can be extended.
Task<> DhcpClient::keep() {
  while (lease_) {
    co_await sleep_until(host_, lease_->renew_at());
    Expected<std::unique_ptr<DhcpPort::Exchange>> exchange = port_.start();
    if (!exchange) {
      // Without a port nothing can be asked; the lease holds until it runs out.
      host_.record(DhcpSendFailed{DhcpType::request, exchange.error().to_string()});
      co_await sleep_until(host_, lease_->expires_at());
      lose("it ran out and could not be renewed");
      co_return;
    }
    const bool extended = co_await extend(**exchange);
    if (!extended) co_return;
  }
}

/// RENEWING, then REBINDING; false when the lease was lost.
Task<bool> DhcpClient::extend(DhcpPort::Exchange& exchange) {
  const Instant began = host_.now();
  bool rebinding = false;
  for (unsigned attempt = 1;; ++attempt) {
    const Instant now = host_.now();
    if (now >= lease_->expires_at()) {
      lose("it ran out: no server renewed it");
      co_return false;
    }
    if (!rebinding && now >= lease_->rebind_at()) {
      rebinding = true;
      attempt = 1;
    }
    DhcpMessage request = message(DhcpType::request, exchange.xid(), began);
    request.ciaddr = lease_->configuration.address.address;
    const Endpoint to = rebinding ? kAllDhcpServers : Endpoint{lease_->server, kDhcpServerPort};
    send_udp(exchange, to, request, rebinding ? "rebinding" : "renewing", attempt);
    // Half of what remains of this state, but not under a minute (RFC 2131 4.4.5).
    const Instant boundary = rebinding ? lease_->expires_at() : lease_->rebind_at();
    const Duration wait = std::max((boundary - now) / 2, kShortestExtensionWait);
    const Instant deadline = std::min(boundary, now + wait);
    for (;;) {
      const std::optional<DhcpReply> reply = co_await exchange.next(deadline);
      if (!reply) break;
      if (judge_extension(*reply, now, rebinding)) co_return lease_.has_value();
    }
  }
}

/// Whether a reply decides about the extension; then the lease is renewed or lost.
bool DhcpClient::judge_extension(const DhcpReply& reply, Instant sent_at, bool rebinding) {
  const DhcpType type = reply.message.type;
  if (type != DhcpType::ack && type != DhcpType::nak) {
    ignore(reply, "only an ACK or a NAK is awaited while the lease is extended");
    return false;
  }
  if (type == DhcpType::nak) {
    if (!rebinding && reply.server != lease_->server) {
      ignore(reply,
             fmt::format("it is not from the server of the lease, {}", lease_->server.to_string()));
      return false;
    }
    lose(refusal(reply, lease_->configuration.address.address));
    return true;
  }
  std::optional<Lease> lease = grant(reply, sent_at);
  if (!lease) return false;
  renew(std::move(*lease));
  return true;
}

void DhcpClient::bind(Lease lease) {
  refusals_ = 0;
  conflicts_ = 0;
  trouble_.clear();
  unconfirmed_ = false;
  host_.configure(lease.configuration);
  host_.record(LeaseBound{
      lease.configuration.address.address, lease.configuration.address.prefix_length,
      lease.configuration.router, list_text(lease.dns_servers), list_text(lease.ntp_servers),
      lease.server, lease_text(lease.lease_time), lease_text(lease.t1), lease_text(lease.t2)});
  lease_ = std::move(lease);
  changed_.notify_all();
}

void DhcpClient::renew(Lease lease) {
  const bool moved = lease.configuration != lease_->configuration;
  const bool changed = moved || !same_options(lease_->ack, lease.ack);
  if (moved) host_.configure(lease.configuration);
  host_.record(LeaseRenewed{lease.configuration.address.address, lease.server,
                            lease_text(lease.lease_time), changed});
  lease_ = std::move(lease);
  trouble_.clear();
  if (std::exchange(unconfirmed_, false) || changed) changed_.notify_all();
}

void DhcpClient::lose(std::string reason) {
  host_.record(LeaseLost{lease_->configuration.address.address, std::move(reason)});
  host_.deconfigure();
  lease_.reset();
  unconfirmed_ = false;
  changed_.notify_all();
}

}  // namespace provlab::net
