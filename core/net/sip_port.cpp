#include "core/net/sip_port.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/net/sip_events.hpp"
#include "core/platform/checksum.hpp"
#include "core/platform/text.hpp"

namespace provlab::net {

namespace {

constexpr Duration kTimerJ = std::chrono::seconds(32);  // 64·T1 over UDP (RFC 3261 17.2.2)
constexpr std::size_t kAmplification = 3;               // SPEC 4.5
constexpr std::string_view kUaProfile = "ua-profile";
constexpr std::string_view kNoAnswerToAck = "ACK is never answered";

/// What makes two requests the same one (SPEC 4.2, 7.3): the branch (RFC 3261 17.2.3) and, because
/// some responders use one branch for ever, Call-ID and CSeq. Not the sent-by, because others copy
/// the Via of our SUBSCRIBE, but the sender's address; not its port, because what is sent again may
/// come from another one.
std::string transaction_key(const SipMessage& request, const SipVia& via, Endpoint sender) {
  const std::string* sequence = request.find("CSeq");
  return fmt::format("{}\n{}\n{}\n{}", sender.address.to_string(), via.branch.value_or(""),
                     request.call_id(), sequence != nullptr ? *sequence : "");
}

SipAnswer method_not_allowed(std::string_view method) {
  return {405, "Method Not Allowed", fmt::format("only NOTIFY is served here, not {}", method)};
}

bool accepts(const SipAnswer& answer) {
  return answer.status < 300;
}

/// RFC 5626 3.5.1 and common practice: lines of nothing keep address translations alive.
bool is_keep_alive(BytesView payload) {
  return std::ranges::all_of(
      payload, [](std::uint8_t octet) { return octet == '\r' || octet == '\n' || octet == 0; });
}

}  // namespace

void SipPort::ignore(Endpoint from, std::string_view reason) {
  host.record(SipMessageIgnored{from, reason});
}

void SipPort::receive(const Datagram& datagram) {
  if (is_keep_alive(datagram.payload)) {
    return ignore(datagram.from, "keep-alive: the datagram holds no message");
  }
  const auto message = SipMessage::parse(datagram.payload, options.content_length);
  if (!message) return reject(message.error(), datagram);
  if (!message->is_request()) return receive_response(*message, datagram.from);
  std::optional<SipVia> via = message->top_via();
  if (via) receive_request({*message, std::move(*via), datagram.from, datagram.payload.size()});
}

void SipPort::reject(const SipMalformed& malformed, const Datagram& datagram) {
  const Endpoint from = datagram.from;
  const std::string reason = "malformed: " + malformed.error.to_string();
  if (!malformed.answerable) return ignore(from, reason);
  const SipMessage& request = *malformed.answerable;
  std::optional<SipVia> via = request.top_via();
  if (!via) return ignore(from, reason);
  if (request.method() == "ACK") return ignore(from, kNoAnswerToAck);
  host.record(
      SipRequestReceived{request.method(), request.event_package(), from, request.call_id()});
  SipAnswer refusal{400, "Bad Request", reason};
  if (malformed.status == 505) {
    refusal = {505, "Version Not Supported", reason};
  } else if (request.method() != "NOTIFY") {
    refusal = method_not_allowed(request.method());
  }
  answer({request, std::move(*via), from, datagram.payload.size()}, refusal);
}

void SipPort::receive_request(const Incoming& request) {
  const SipMessage& message = request.message;
  if (message.method() == "ACK") return ignore(request.from, kNoAnswerToAck);
  host.record(SipRequestReceived{message.method(), message.event_package(), request.from,
                                 message.call_id()});
  if (replay(request)) return;
  answer(request, dispatch(request));
}

SipAnswer SipPort::dispatch(const Incoming& request) {
  const std::string& method = request.message.method();
  if (method == "NOTIFY") return dispatch_notify({request.message, request.from});
  return method_not_allowed(method);
}

SipAnswer SipPort::dispatch_notify(const SipNotify& notify) {
  if (SipSubscriptionState* subscription = subscription_of(notify.message)) {
    return deliver(*subscription, notify);
  }
  const std::string_view package = notify.message.event_package();
  if (same_ignoring_case(package, kUaProfile)) {
    return {481, "Subscription Does Not Exist", "the Call-ID belongs to no subscription of ours"};
  }
  return unsolicited ? unsolicited(notify) : bad_event(package);
}

SipSubscriptionState* SipPort::subscription_of(const SipMessage& notify) const {
  for (const auto& each : subscriptions) {
    if (each->call_id == notify.call_id()) return each.get();
  }
  if (options.notify_match != SipOptions::NotifyMatch::event ||
      !same_ignoring_case(notify.event_package(), kUaProfile)) {
    return nullptr;
  }
  for (const auto& each : subscriptions) {
    if (!each->ended && !each->finished) return each.get();
  }
  return nullptr;
}

SipAnswer SipPort::deliver(SipSubscriptionState& subscription, const SipNotify& notify) {
  if (!subscription.ended && !subscription.finished) {
    if (!subscription.acknowledged) {
      subscription.acknowledged = true;
      subscription.changed.notify_all();
    }
    const NotifyVerdict verdict = subscription.on_notify(notify);
    if (verdict == NotifyVerdict::finished) {
      subscription.finished = true;
      subscription.changed.notify_all();
    }
    if (verdict != NotifyVerdict::too_late) {
      return {200, "OK",
              subscription.call_id == notify.message.call_id()
                  ? "the Call-ID is that of our multicast subscribe"
                  : "an event ua-profile belongs to our multicast subscribe while that runs"};
    }
  } else {
    subscription.on_late(notify);
  }
  return {481, "Subscription Does Not Exist", "late: our multicast subscribe has ended"};
}

void SipPort::receive_response(const SipMessage& response, Endpoint from) {
  const std::optional<SipVia> via = response.top_via();
  const std::optional<SipSequence> sequence = response.sequence();
  if (!via || !sequence) return;  // parse() accepts no such message
  std::string_view effect = "none: it answers no request of ours";
  for (const auto& subscription : subscriptions) {
    if (via->branch != subscription->branch || sequence->method != "SUBSCRIBE") continue;
    if (subscription->ended || subscription->finished) {
      effect = "none: the multicast subscribe has ended";
    } else if (response.status() < 200 || response.status() > 299) {
      effect = "none: only a 2xx ends the retransmissions, others may still answer";
    } else if (subscription->acknowledged) {
      effect = "none: there are no more retransmissions";
    } else {
      effect = "ends the retransmissions";
      subscription->acknowledged = true;
      subscription->changed.notify_all();
    }
  }
  host.record(SipResponseReceived{response.status(), sequence->method, from, effect});
}

bool SipPort::replay(const Incoming& request) {
  while (!transactions.empty() && transactions.front().expires <= host.now()) {
    transactions.pop_front();
  }
  const std::string key = transaction_key(request.message, request.via, request.from);
  const auto known = std::ranges::find(transactions, key, &SipServerTransaction::key);
  if (known == transactions.end()) return false;
  respond(request, *known, "retransmitted request: the same answer again");
  return true;
}

void SipPort::answer(const Incoming& request, const SipAnswer& answer) {
  std::string key = transaction_key(request.message, request.via, request.from);
  // RFC 3261 8.2.7: who remembers no request gives the same tag to each of its repetitions.
  const std::string tag =
      accepts(answer) ? random_hex(8) : fmt::format("{:08x}", checksum_of(key) & 0xffffffffU);
  SipMessage response = SipMessage::response_to(request.message, answer.status,
                                                answer.reason_phrase, tag, request.from);
  // RFC 3261 21.4.6 and RFC 6665 4.1.3: say what would have been understood.
  if (answer.status == 405) response.add("Allow", "NOTIFY");
  if (answer.status == 420) {  // RFC 3261 8.2.2.3
    response.add("Unsupported", fmt::format("{}", fmt::join(request.message.required(), ", ")));
  }
  if (answer.status == 489) response.add("Allow-Events", "ua-profile, check-sync");
  SipServerTransaction transaction{host.now() + kTimerJ, std::move(key),
                                   sip_response_target(request.via, request.from),
                                   response.serialize(), answer.status};
  respond(request, transaction, answer.why);
  if (!accepts(answer)) return;
  if (transactions.size() >= kTransactions) transactions.pop_front();
  transactions.push_back(std::move(transaction));
}

void SipPort::respond(const Incoming& request, const SipServerTransaction& transaction,
                      std::string_view why) {
  const std::string& method = request.message.method();
  const Endpoint to = transaction.target;
  const std::size_t size = transaction.answer.size();
  if (size > kAmplification * request.size) {
    host.record(
        SipResponseWithheld{transaction.status, method, to,
                            fmt::format("{} octets are more than three times the {} of the request",
                                        size, request.size)});
  } else if (send(to, transaction.answer)) {
    host.record(SipResponseSent{transaction.status, method, to, why});
  }
}

bool SipPort::send(Endpoint to, std::string_view datagram) {
  if (!socket) return false;  // a handler closed the port
  const Expected<void> sent = socket->send(to, bytes_of(datagram));
  if (!sent) host.record(SipSendFailed{to, sent.error().to_string()});
  return sent.has_value();
}

void SipPort::list(std::shared_ptr<SipSubscriptionState> subscription) {
  if (subscriptions.size() >= kSubscriptions) {
    const auto oldest =
        std::ranges::find_if(subscriptions, [](const auto& each) { return each->ended; });
    if (oldest != subscriptions.end()) subscriptions.erase(oldest);
  }
  subscriptions.push_back(std::move(subscription));
}

std::string SipPort::random_hex(unsigned digits) {
  return fmt::format(FMT_COMPILE("{:016x}"), host.random().next()).substr(16 - digits);
}

}  // namespace provlab::net
