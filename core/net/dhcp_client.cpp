#include "core/net/dhcp_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include "core/net/dhcp_events.hpp"
#include "core/net/dhcp_layout.hpp"
#include "core/platform/link_watch.hpp"
#include "core/platform/text.hpp"

// The states of RFC 2131 are the functions:
//   converse()  all that follows, from the return of the cable to its next
//   reboot()    INIT-REBOOT and REBOOTING, where there is a lease (dhcp_keeping.cpp)
//   acquire()   select(), the DISCOVERs of SELECTING, then request(), the REQUESTs of REQUESTING;
//               from the start again where its server refuses or is silent
//   taken()     before an address is used: probes and declines (dhcp_probing.cpp)
//   keep()      BOUND: sleeps until T1, then extend(): RENEWING by unicast and from T2 on REBINDING
//               by broadcast, until an ACK, a NAK or the end of the lease (dhcp_keeping.cpp)
//   inform()    beside all that, in a transaction of its own (DhcpPort)
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
constexpr Duration kOpenRetry = seconds(10);

bool has_transaction(BytesView payload, std::uint32_t xid) {
  constexpr std::size_t kXidOffset = 4;
  return payload.size() >= kXidOffset + 4 && dhcp_layout::read32(payload, kXidOffset) == xid;
}

}  // namespace

DhcpClient::DhcpClient(Host& host, DeviceIdentity device, DhcpClientOptions options)
    : host_(host),
      device_(std::move(device)),
      options_(options),
      changed_(host),
      port_(host, device_.mac),
      conversation_(host) {}

Task<> DhcpClient::run() {
  // Whatever a conversation has open must be closed before the next one, or the caller, goes on.
  co_await asio::this_coro::throw_if_cancelled(false);
  lease_.reset();
  unconfirmed_ = false;
  for (;;) {
    refusals_ = 0;
    conflicts_ = 0;
    trouble_.clear();
    conversation_.spawn(converse());
    const bool returned = co_await cable_returns();
    conversation_.cancel();
    while (!conversation_.empty()) {
      try {
        co_await conversation_.join();
      } catch (const boost::system::system_error&) {
        // Cancelled; the conversation still has to end.
      }
    }
    if (!returned) throw boost::system::system_error(asio::error::operation_aborted);
  }
}

/// True when the cable has come back in, false when cancelled.
Task<bool> DhcpClient::cable_returns() {
  for (;;) {
    auto [error] = co_await async_link_change(host_, std::nullopt, asio::as_tuple(use_task));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (error || state.cancelled() != asio::cancellation_type::none) co_return false;
    if (host_.link_up()) co_return true;
    unconfirmed_ = lease_.has_value();
  }
}

/// All that is said as long as the cable stays in.
Task<> DhcpClient::converse() {
  Verdict verdict = Verdict::silent;
  if (lease_) verdict = co_await reboot();
  if (verdict != Verdict::bound) co_await acquire();
  for (;;) {
    co_await keep();
    co_await acquire();
  }
}

/// INIT to BOUND.
Task<> DhcpClient::acquire() {
  const Instant began = host_.now();
  for (;;) {
    auto socket = host_.open_link(link_filter());
    if (!socket) {
      host_.record(DhcpSendFailed{DhcpType::discover, socket.error().to_string()});
      co_await pause_until(host_.now() + kOpenRetry);
      continue;
    }
    const auto xid = static_cast<std::uint32_t>(host_.random().next());
    const Selection selection = co_await select(**socket, xid, began);
    const Verdict verdict = co_await request(**socket, selection);
    if (verdict == Verdict::bound) co_return;
    if (verdict == Verdict::silent) {
      trouble_ = fmt::format("{} offered {} but did not answer the REQUEST",
                             selection.server.to_string(), selection.address.to_string());
    }
  }
}

/// SELECTING: asks until an OFFER can be used, and takes the first.
Task<DhcpClient::Selection> DhcpClient::select(LinkSocket& socket, std::uint32_t xid,
                                               Instant began) {
  for (unsigned attempt = 1;; ++attempt) {
    DhcpMessage discover = message(DhcpType::discover, xid, began);
    discover.broadcast = true;
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
  DhcpMessage request = message(DhcpType::request, selection.xid, host_.now());
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
        host_.record(DhcpRefused{selection.server, refusal(*reply, selection.address), wait});
        co_await pause_until(host_.now() + wait);
        co_return Verdict::refused;
      }
      std::optional<Lease> lease = grant(*reply, sent_at);
      if (!lease) continue;
      if (co_await taken(socket, *lease)) co_return Verdict::refused;
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
    const std::optional<LinkDatagram> datagram =
        co_await receive_until(host_, socket, until_expiry(deadline));
    if (!datagram) {
      expire();
      if (host_.now() >= deadline) co_return std::nullopt;
      continue;
    }
    Expected<DhcpReply> reply =
        read_dhcp_reply(host_, device_.mac, datagram->from, datagram->payload);
    const auto admitted = reply ? admit_dhcp_reply(host_, xid, *reply)
                                : Expected<void>(std::unexpected(reply.error()));
    if (admitted) co_return std::move(*reply);
    if (has_transaction(datagram->payload, xid)) {
      trouble_ = "an answer was ignored: " + admitted.error().text;
    }
  }
}

/// A lease may run out while a server is looked for that confirms it or gives another.
Instant DhcpClient::until_expiry(Instant deadline) const {
  return lease_ ? std::min(deadline, lease_->expires_at()) : deadline;
}

void DhcpClient::expire() {
  if (lease_ && host_.now() >= lease_->expires_at()) lose("it ran out: no server confirmed it");
}

Task<> DhcpClient::pause_until(Instant deadline) {
  while (host_.now() < deadline) {
    co_await sleep_until(host_, until_expiry(deadline));
    expire();
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
  lease->left_out.insert(lease->left_out.end(), ack.left_out.begin(), ack.left_out.end());
  return std::move(*lease);
}

Task<Expected<DhcpReply>> DhcpClient::inform() {
  const auto configuration = host_.configuration();
  if (!configuration) co_return fail("the device has no address to ask by DHCPINFORM with");
  Expected<std::unique_ptr<DhcpPort::Exchange>> exchange = port_.start();
  if (!exchange) co_return std::unexpected(exchange.error());
  const Instant began = host_.now();
  bool cable_returned = false;
  const LinkWatch watch(host_, [&] {
    cable_returned = true;
    (*exchange)->interrupt();
  });
  for (unsigned attempt = 1; attempt <= options_.inform_tries; ++attempt) {
    DhcpMessage inform = message(DhcpType::inform, (*exchange)->xid(), began);
    inform.ciaddr = configuration->address.address;
    send_udp(**exchange, kAllDhcpServers, inform, "informing", attempt);
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
    if (std::exchange(cable_returned, false)) attempt = 0;  // the tries start anew
  }
  co_return fail(fmt::format("no DHCP server answered {} DHCPINFORM within {} each",
                             options_.inform_tries, to_string(options_.inform_wait)));
}

DhcpMessage DhcpClient::identified(DhcpType type, std::uint32_t xid) const {
  DhcpMessage message;
  message.type = type;
  message.xid = xid;
  message.chaddr = device_.mac;
  std::array<std::uint8_t, 7> identifier{1};  // hardware type Ethernet, then the address
  std::ranges::copy(device_.mac.octets, identifier.begin() + 1);
  message.set(dhcp_option::kClientIdentifier, identifier);
  return message;
}

DhcpMessage DhcpClient::message(DhcpType type, std::uint32_t xid, Instant began) const {
  DhcpMessage message = identified(type, xid);
  const auto elapsed = std::chrono::duration_cast<seconds>(host_.now() - began).count();
  message.secs = static_cast<std::uint16_t>(std::min<std::int64_t>(elapsed, 0xffff));
  message.set_text(dhcp_option::kVendorClass, to_string(device_.type));
  message.set_number(dhcp_option::kMaximumMessageSize, kMaximumMessageSize, 2);
  message.set(dhcp_option::kParameterRequestList, kParameterRequestList);
  return message;
}

LinkFilter DhcpClient::link_filter() const {
  constexpr std::uint8_t kReply = 2;  // RFC 2131 2: op stands at 0, chaddr at 28
  const auto& mac = device_.mac.octets;
  return {.port = kDhcpClientPort, .octets = {{0, {kReply}}, {28, {mac.begin(), mac.end()}}}};
}

void DhcpClient::send_link(LinkSocket& socket, const DhcpMessage& message, std::string_view state,
                           unsigned attempt) {
  LinkDatagram datagram;
  datagram.destination = MacAddress::broadcast();
  datagram.from = Endpoint{Ipv4Address::any(), kDhcpClientPort};
  datagram.to = kAllDhcpServers;
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
  const std::string server = reply.server.to_string();
  trouble_ =
      fmt::format("the {} of {} was ignored: {}", type_name(reply.message.type), server, reason);
  (void)ignore_dhcp(host_, std::move(reason), reply.message.type, reply.from);
}

/// Takes note of a NAK; gives its reason.
std::string DhcpClient::refusal(const DhcpReply& nak, Ipv4Address address) {
  ++refusals_;
  const std::optional<std::string> words = nak.message.text(dhcp_option::kMessage);
  std::string reason = words && !words->empty() ? "NAK: " + *words : "NAK";
  trouble_ = fmt::format("{} refused {} ({})", nak.server.to_string(), address.to_string(),
                         printable(reason, Escaped::all_but_ascii));
  return reason;
}

}  // namespace provlab::net
