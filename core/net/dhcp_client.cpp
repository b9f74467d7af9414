#include "core/net/dhcp_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/net/dhcp_events.hpp"

// The states of RFC 2131 are the functions:
//   acquire()  select(), the DISCOVERs of SELECTING, then request(), the REQUESTs of REQUESTING;
//   from
//              the start again where its server refuses or is silent
//   keep()     BOUND: sleeps until T1, then extend(): RENEWING by unicast and from T2 on REBINDING
//   by
//              broadcast, until an ACK, a NAK or the end of the lease
//   inform()   beside all that, in a transaction of its own (DhcpPort)
// Each transmission waits for replies until its own deadline, then the next one goes out.
namespace provlab::net {

namespace {

using std::chrono::seconds;

/// What the phone asks for (SPEC 2.6).
constexpr std::array<std::uint8_t, 12> kParameterRequestList = {
    dhcp_option::kSubnetMask,    dhcp_option::kRouter,           dhcp_option::kDnsServer,
    dhcp_option::kDomainName,    dhcp_option::kNtpServer,        dhcp_option::kVendorSpecific,
    dhcp_option::kLeaseTime,     dhcp_option::kServerIdentifier, dhcp_option::kRenewalTime,
    dhcp_option::kRebindingTime, dhcp_option::kTftpServerName,   dhcp_option::kBootFileName};
constexpr std::uint32_t kMaximumMessageSize = 1472;

constexpr unsigned kRequestTransmissions = 5;  // one, and four again
constexpr Duration kShortestExtensionWait = seconds(60);
constexpr Duration kOpenRetry = seconds(10);
constexpr Endpoint kAllServers{Ipv4Address::broadcast(), kDhcpServerPort};

std::uint16_t seconds_since(Instant began, Instant now) {
  const auto elapsed = std::chrono::duration_cast<seconds>(now - began).count();
  return static_cast<std::uint16_t>(std::min<std::int64_t>(elapsed, 0xffff));
}

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

std::string refusal_text(const DhcpMessage& nak) {
  const std::optional<std::string> words = nak.text(dhcp_option::kMessage);
  return words && !words->empty() ? "NAK: " + *words : "NAK";
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

DhcpClient::DhcpClient(Host& host, DeviceIdentity device, DhcpClientOptions options)
    : host_(host),
      device_(std::move(device)),
      options_(options),
      changed_(host),
      port_(host, device_.mac) {}

Task<> DhcpClient::run() {
  lease_.reset();
  refusals_ = 0;
  for (;;) {
    co_await acquire();
    co_await keep();
  }
}

/// INIT to BOUND.
Task<> DhcpClient::acquire() {
  const Instant began = host_.now();
  for (;;) {
    auto socket = host_.open_link(kDhcpClientPort);
    if (!socket) {
      host_.record(DhcpSendFailed{DhcpType::discover, socket.error().to_string()});
      co_await sleep_for(host_, kOpenRetry);
      continue;
    }
    const auto xid = static_cast<std::uint32_t>(host_.random().next());
    const Selection selection = co_await select(**socket, xid, began);
    const Verdict verdict = co_await request(**socket, selection);
    if (verdict == Verdict::bound) co_return;
  }
}

/// SELECTING: asks until an OFFER can be used, and takes the first.
Task<DhcpClient::Selection> DhcpClient::select(LinkSocket& socket, std::uint32_t xid,
                                               Instant began) {
  for (unsigned attempt = 1;; ++attempt) {
    DhcpMessage discover = message(DhcpType::discover, xid);
    discover.broadcast = true;
    discover.secs = seconds_since(began, host_.now());
    send_link(socket, discover, "selecting", attempt);
    const Instant deadline = host_.now() + retransmission_wait(attempt);
    for (;;) {
      std::optional<DhcpReply> reply = co_await next_reply(socket, xid, deadline);
      if (!reply) break;
      if (reply->message.type != DhcpType::offer) {
        ignore(*reply, "only an OFFER is awaited while selecting");
        continue;
      }
      const Expected<Offer> offer = read_offer(reply->message);
      if (!offer) {
        ignore(*reply, offer.error().to_string());
        continue;
      }
      record_left_out(host_, offer->left_out, DhcpType::offer, reply->from);
      co_return Selection{offer->address.address, offer->server, xid, discover.secs};
    }
  }
}

/// REQUESTING the address of an offer.
Task<DhcpClient::Verdict> DhcpClient::request(LinkSocket& socket, Selection selection) {
  DhcpMessage request = message(DhcpType::request, selection.xid);
  request.broadcast = true;
  request.secs = selection.secs;
  request.set_address(dhcp_option::kRequestedAddress, selection.address);
  request.set_address(dhcp_option::kServerIdentifier, selection.server);
  for (unsigned attempt = 1; attempt <= kRequestTransmissions; ++attempt) {
    send_link(socket, request, "requesting", attempt);
    const Instant sent_at = host_.now();
    const Instant deadline = sent_at + retransmission_wait(attempt);
    for (;;) {
      std::optional<DhcpReply> reply = co_await next_reply(socket, selection.xid, deadline);
      if (!reply) break;
      const DhcpType type = reply->message.type;
      if (type != DhcpType::ack && type != DhcpType::nak) {
        ignore(*reply, "only an ACK or a NAK is awaited while requesting");
        continue;
      }
      if (reply->server != selection.server) {
        ignore(*reply, fmt::format("it is not from the server that was chosen, {}",
                                   selection.server.to_string()));
        continue;
      }
      if (type == DhcpType::nak) {
        // The first NAK restarts at once; a server that goes on refusing is not to be flooded.
        const Duration wait = refusals_ == 0 ? Duration::zero() : retransmission_wait(refusals_);
        ++refusals_;
        host_.record(DhcpRefused{selection.server, refusal_text(reply->message), wait});
        co_await sleep_for(host_, wait);
        co_return Verdict::refused;
      }
      std::optional<Lease> lease = grant(*reply, sent_at);
      if (!lease) continue;
      bind(std::move(*lease));
      co_return Verdict::bound;
    }
  }
  co_return Verdict::silent;
}

/// The next well-formed reply to our transaction, or nothing once `deadline` has passed.
Task<std::optional<DhcpReply>> DhcpClient::next_reply(LinkSocket& socket, std::uint32_t xid,
                                                      Instant deadline) {
  for (;;) {
    const std::optional<LinkDatagram> datagram = co_await receive_until(host_, socket, deadline);
    if (!datagram) co_return std::nullopt;
    Expected<DhcpReply> reply =
        read_dhcp_reply(host_, device_.mac, datagram->from, datagram->payload);
    if (reply && admit_dhcp_reply(host_, xid, *reply)) co_return std::move(*reply);
  }
}

/// The lease that an ACK grants; nothing, with the reason in the trace, where it grants none.
std::optional<Lease> DhcpClient::grant(const DhcpReply& ack, Instant sent_at) {
  Expected<Lease> lease = read_lease(ack.message, sent_at, host_.now());
  if (!lease) {
    ignore(ack, lease.error().to_string());
    return std::nullopt;
  }
  record_left_out(host_, lease->left_out, DhcpType::ack, ack.from);
  return std::move(*lease);
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
    DhcpMessage request = message(DhcpType::request, exchange.xid());
    request.ciaddr = lease_->configuration.address.address;
    request.secs = seconds_since(began, now);
    const Endpoint to = rebinding ? kAllServers : Endpoint{lease_->server, kDhcpServerPort};
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
    lose(refusal_text(reply.message));
    return true;
  }
  std::optional<Lease> lease = grant(reply, sent_at);
  if (!lease) return false;
  renew(std::move(*lease));
  return true;
}

Task<Expected<DhcpReply>> DhcpClient::inform() {
  const auto configuration = host_.configuration();
  if (!configuration) co_return fail("the device has no address to ask by DHCPINFORM with");
  Expected<std::unique_ptr<DhcpPort::Exchange>> exchange = port_.start();
  if (!exchange) co_return std::unexpected(exchange.error());
  const Instant began = host_.now();
  for (unsigned attempt = 1; attempt <= options_.inform_tries; ++attempt) {
    DhcpMessage inform = message(DhcpType::inform, (*exchange)->xid());
    inform.ciaddr = configuration->address.address;
    inform.secs = seconds_since(began, host_.now());
    send_udp(**exchange, kAllServers, inform, "informing", attempt);
    const Instant deadline = host_.now() + options_.inform_wait;
    for (;;) {
      std::optional<DhcpReply> reply = co_await (*exchange)->next(deadline);
      if (!reply) break;
      if (reply->message.type == DhcpType::ack) {
        if (informed_) informed_(reply->message);
        co_return std::move(*reply);
      }
      ignore(*reply, "only an ACK is awaited after an INFORM");
    }
  }
  co_return fail(fmt::format("no DHCP server answered {} DHCPINFORM within {} each",
                             options_.inform_tries, to_string(options_.inform_wait)));
}

DhcpMessage DhcpClient::message(DhcpType type, std::uint32_t xid) const {
  DhcpMessage message;
  message.type = type;
  message.xid = xid;
  message.chaddr = device_.mac;
  std::array<std::uint8_t, 7> identifier{1};  // hardware type Ethernet, then the address
  std::ranges::copy(device_.mac.octets, identifier.begin() + 1);
  message.set(dhcp_option::kClientIdentifier, identifier);
  message.set_text(dhcp_option::kVendorClass, to_string(device_.type));
  message.set_number(dhcp_option::kMaximumMessageSize, kMaximumMessageSize, 2);
  message.set(dhcp_option::kParameterRequestList, kParameterRequestList);
  return message;
}

void DhcpClient::send_link(LinkSocket& socket, const DhcpMessage& message, std::string_view state,
                           unsigned attempt) {
  LinkDatagram datagram;
  datagram.destination = MacAddress::broadcast();
  datagram.from = Endpoint{Ipv4Address::any(), kDhcpClientPort};
  datagram.to = kAllServers;
  datagram.payload = message.serialize();
  host_.record(DhcpSent{message.type, state, message.xid, attempt, datagram.to});
  if (const auto sent = socket.send(datagram); !sent) {
    host_.record(DhcpSendFailed{message.type, sent.error().to_string()});
  }
}

void DhcpClient::send_udp(DhcpPort::Exchange& exchange, Endpoint to, const DhcpMessage& message,
                          std::string_view state, unsigned attempt) {
  host_.record(DhcpSent{message.type, state, message.xid, attempt, to});
  if (const auto sent = exchange.send(to, message); !sent) {
    host_.record(DhcpSendFailed{message.type, sent.error().to_string()});
  }
}

/// 4, 8, 16, 32, then 64 seconds, each give or take one (RFC 2131 4.1).
Duration DhcpClient::retransmission_wait(unsigned attempt) {
  const Duration base = seconds(4U << std::min(attempt - 1, 4U));
  return base + host_.random().between(seconds(-1), seconds(1));
}

void DhcpClient::ignore(const DhcpReply& reply, std::string reason) {
  (void)ignore_dhcp(host_, std::move(reason), reply.message.type, reply.from);
}

void DhcpClient::bind(Lease lease) {
  refusals_ = 0;
  host_.configure(lease.configuration);
  host_.record(LeaseBound{
      lease.configuration.address.address, lease.configuration.address.prefix_length,
      lease.configuration.router, list_text(lease.dns_servers), list_text(lease.ntp_servers),
      lease.server, lease_text(lease.lease_time), lease_text(lease.t1), lease_text(lease.t2)});
  lease_ = std::move(lease);
  changed_.notify_all();
}

void DhcpClient::renew(Lease lease) {
  const bool changed = !same_configuration(*lease_, lease) || !same_options(lease_->ack, lease.ack);
  if (lease.configuration != lease_->configuration) host_.configure(lease.configuration);
  host_.record(LeaseRenewed{lease.configuration.address.address, lease.server,
                            lease_text(lease.lease_time), changed});
  lease_ = std::move(lease);
  if (changed) changed_.notify_all();
}

void DhcpClient::lose(std::string reason) {
  host_.record(LeaseLost{lease_->configuration.address.address, std::move(reason)});
  host_.deconfigure();
  lease_.reset();
  changed_.notify_all();
}

}  // namespace provlab::net
