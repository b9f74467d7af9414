#include "core/net/sip_subscription.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/net/sip_endpoint.hpp"
#include "core/net/sip_events.hpp"
#include "core/net/sip_port.hpp"
#include "core/platform/async.hpp"

namespace provlab::net {

namespace {

using namespace std::chrono_literals;

constexpr Duration kT1 = 500ms;  // RFC 3261 17.1.1.1
constexpr Duration kT2 = 4s;
constexpr Duration kTimerF = 64 * kT1;  // RFC 3261 17.1.2.2
constexpr Endpoint kTarget{SipSubscription::kGroup, kSipPort};

/// The SUBSCRIBE of SPEC 4.2; its octets are the same in every retransmission.
std::string subscribe_datagram(const SipSubscriptionState& subscription,
                               const DeviceIdentity& device, Ipv4Address own,
                               std::string_view from_tag) {
  const std::string group = SipSubscription::kGroup.to_string();
  const std::string uri = fmt::format("sip:MAC%3a{}@{}", device.mac.compact(), group);
  const std::string contact = fmt::format("{}:{}", own.to_string(), kSipPort);
  SipMessage message = SipMessage::request("SUBSCRIBE", uri);
  message.add("Via", fmt::format("SIP/2.0/UDP {};branch={};rport", contact, subscription.branch));
  message.add("From", fmt::format("<{}>;tag={}", uri, from_tag));
  message.add("To", fmt::format("<{}>", uri));
  message.add("Call-ID", subscription.call_id);
  message.add("CSeq", "1 SUBSCRIBE");
  message.add("Contact", fmt::format("<sip:{}>", contact));
  message.add("Max-Forwards", "70");
  message.add("Event", fmt::format("ua-profile;profile-type=\"device\";vendor=\"Auerswald\";"
                                   "model=\"{}\";version=\"{}\"",
                                   to_string(device.type), to_string(device.release)));
  message.add("Expires", "0");
  message.add("Accept", "application/url");
  message.add("User-Agent",
              fmt::format("Auerswald {}/{}", to_string(device.type), to_string(device.release)));
  return message.serialize();
}

Expected<void> send(SipPort& endpoint, const SipSubscriptionState& subscription,
                    std::string_view datagram, unsigned attempt) {
  if (!endpoint.socket) return fail("the SIP port is closed");
  const Expected<void> sent = endpoint.socket->send(kTarget, bytes_of(datagram));
  if (!sent) {
    endpoint.host.record(SipSendFailed{kTarget, sent.error().to_string()});
    return sent;
  }
  endpoint.host.record(SipRequestSent{"SUBSCRIBE", kTarget, subscription.call_id, attempt});
  return {};
}

Task<Expected<SipSubscription::End>> subscribe(std::shared_ptr<SipPort> endpoint,
                                               std::shared_ptr<SipSubscriptionState> subscription,
                                               Instant deadline) {
  Host& host = endpoint->host;
  const auto configuration = host.configuration();
  if (!configuration) co_return fail("the device has no address");
  subscription->call_id =
      fmt::format("{}@{}", endpoint->random_hex(16), configuration->address.address.to_string());
  subscription->branch = "z9hG4bK" + endpoint->random_hex(16);
  const std::string tag = endpoint->random_hex(8);
  const std::string datagram =
      subscribe_datagram(*subscription, endpoint->device, configuration->address.address, tag);
  endpoint->list(subscription);
  const Expected<void> sent = send(*endpoint, *subscription, datagram, 1);
  if (!sent) co_return std::unexpected(sent.error());

  const Instant last = std::min(deadline, host.now() + kTimerF);
  Duration interval = kT1;
  Instant next = host.now() + interval;
  for (unsigned attempt = 2; !subscription->finished;) {
    const bool retransmits = !subscription->acknowledged && next < last;
    const auto waited =
        co_await subscription->changed.try_wait_until(retransmits ? next : deadline);
    if (subscription->finished) break;
    if (waited == Notifier::Waited::cancelled) co_return SipSubscription::End::cancelled;
    if (host.now() >= deadline) co_return SipSubscription::End::timed_out;
    if (!retransmits || subscription->acknowledged || host.now() < next) continue;
    // A SUBSCRIBE that cannot be sent counts as lost.
    std::ignore = send(*endpoint, *subscription, datagram, attempt++);
    interval = std::min(2 * interval, kT2);
    next += interval;
  }
  co_return SipSubscription::End::finished;
}

}  // namespace

SipSubscription::SipSubscription(SipEndpoint& endpoint, SipNotifyHandler on_notify,
                                 SipLateHandler on_late)
    : port_(endpoint.port_), state_(std::make_shared<SipSubscriptionState>(endpoint.port_->host)) {
  state_->on_notify = std::move(on_notify);
  state_->on_late = std::move(on_late);
}

SipSubscription::~SipSubscription() {
  state_->ended = true;
}

Task<Expected<SipSubscription::End>> SipSubscription::run(Instant deadline) {
  return subscribe(port_, state_, deadline);
}

const std::string& SipSubscription::call_id() const {
  return state_->call_id;
}

}  // namespace provlab::net
