#include "netfakes/multicast_responder.hpp"

#include <fmt/format.h>

#include <map>

#include "core/platform/user_info.hpp"
#include "netfakes/datagram_front.hpp"
#include "netfakes/header_lines.hpp"
#include "netfakes/requests_in_flight.hpp"
#include "netfakes/sip_wire.hpp"

namespace provlab::netfakes {

namespace {

constexpr Port kSipPort = 5060;
constexpr Ipv4Address kPnpGroup = Ipv4Address::of(224, 0, 1, 75);

/// A SUBSCRIBE has several answers. The id of its rule names only the one that has no id itself.
std::optional<AnswerRule> without_id(const AnswerRule* rule) {
  if (rule == nullptr) return std::nullopt;
  AnswerRule copy = *rule;
  copy.answer.id.clear();
  return copy;
}

class MulticastResponder final : public DatagramFront<MulticastConfig> {
 public:
  MulticastResponder(Host& host, std::shared_ptr<const MulticastConfig> config)
      : DatagramFront(host, std::move(config), {.port = kSipPort, .groups = {kPnpGroup}}) {}

  void stop() override;

 private:
  /// A SUBSCRIBE that was answered, to tell retransmissions from new ones.
  struct Subscription {
    SipMessage subscribe;
    Endpoint source;
    std::string tag;
    unsigned notifies_sent = 0;
    std::string ok;  ///< once sent; sent again for every retransmission
    DueAnswer ok_due;
    unsigned ok_attempts = 0;
  };
  using SharedSubscription = std::shared_ptr<Subscription>;

  void receive(const Datagram& datagram) override;
  void response(const SipMessage& message, std::string_view text, Endpoint from);
  void subscribe(SipMessage message, std::string header, Endpoint from);
  void refuse_event(const SipMessage& message, Endpoint from, const MulticastRule* rule,
                    std::string request);
  void raw_answer(const MulticastRule& rule, const SipMessage& message, Endpoint from);
  void send(const DueAnswer& due, Endpoint to, std::string_view payload, std::string_view summary);
  void repeat(const DueAnswer& due, unsigned attempt, Endpoint to, std::string_view payload);
  void repeat_ok(Subscription& subscription);
  void schedule_ok(const MulticastRule* rule, const SharedSubscription& subscription);
  void schedule_notify(const MulticastRule* rule, const SharedSubscription& subscription,
                       const Notify& notify);
  void send_notify(const DueAnswer& due, Subscription& subscription, const Notify& notify);
  std::string new_token(std::string_view prefix);
  Endpoint local() const {
    const auto own = host_.configuration();
    return {own ? own->address.address : Ipv4Address(), kSipPort};
  }

  std::map<std::string, SharedSubscription> subscriptions_;  ///< by Call-ID, CSeq and branch
  RequestsInFlight in_flight_{host_, answering_};
  unsigned tokens_ = 0;
};

void MulticastResponder::stop() {
  DatagramFront::stop();
  in_flight_.clear();
  subscriptions_.clear();
}

/// Tags and branches, unlike those of any other responder and the same in every run.
std::string MulticastResponder::new_token(std::string_view prefix) {
  return fmt::format("{}{}-{}", prefix, host_.mac().compact(), ++tokens_);
}

void MulticastResponder::receive(const Datagram& datagram) {
  auto message = SipMessage::parse(text_of(datagram.payload));
  if (!message) {
    answering_.ignored(datagram.from, message.error().text);
  } else if (!message->is_request()) {
    response(*message, text_of(datagram.payload), datagram.from);
  } else if (message->method() == "SUBSCRIBE") {
    subscribe(std::move(*message), told_lines(text_of(datagram.payload)), datagram.from);
  } else {
    answering_.ignored(datagram.from, fmt::format("{}, not SUBSCRIBE", message->method()));
  }
}

void MulticastResponder::response(const SipMessage& message, std::string_view text, Endpoint from) {
  if (in_flight_.take(message, text, from)) return;
  const std::string_view allow = message.allow();
  answering_.ignored(from, fmt::format("{} to no NOTIFY that waits for it{}{}", message.status(),
                                       allow.empty() ? "" : "; it allows ", allow));
}

void MulticastResponder::subscribe(SipMessage message, std::string header, Endpoint from) {
  const Request text{"subscribe", {}, std::move(header)};
  const MulticastRule* rule = received(text, from);
  std::string key = fmt::format("{} {} {}", message.call_id(), message.cseq(), message.branch());
  if (message.event_package() != "ua-profile") {
    refuse_event(message, from, rule, text.text);
    return;
  }
  if (!message.has_contact()) {
    answering_.ignored(from, "SUBSCRIBE without Contact: nowhere to send a NOTIFY");
    return;
  }
  if (rule != nullptr && rule->faults() != nullptr && rule->faults()->raw) {
    raw_answer(*rule, message, from);
    return;
  }
  const bool silent = rule != nullptr && rule->answer.silent;
  if (const auto known = subscriptions_.find(key); known != subscriptions_.end() && !silent) {
    repeat_ok(*known->second);
    return;
  }
  auto subscription = std::make_shared<Subscription>();
  subscription->subscribe = std::move(message);
  subscription->source = from;
  subscription->tag = new_token("");
  if (!silent) subscriptions_.emplace(std::move(key), subscription);
  if (config_->ok_first && config_->send_ok) schedule_ok(rule, subscription);
  const auto& notifies = rule != nullptr && rule->notifies ? *rule->notifies : config_->notifies;
  for (const Notify& notify : notifies) schedule_notify(rule, subscription, notify);
  if (!config_->ok_first && config_->send_ok && notifies.empty()) schedule_ok(rule, subscription);
}

/// RFC 6665 7.3.2.
void MulticastResponder::refuse_event(const SipMessage& message, Endpoint from,
                                      const MulticastRule* rule, std::string request) {
  std::string payload = make_response(message, from,
                                      {.status = 489,
                                       .reason = "Bad Event",
                                       .local = {},
                                       .local_tag = new_token(""),
                                       .header = "Allow-Events",
                                       .value = "ua-profile"});
  answering_.schedule(rule, {}, std::move(request),
                      [this, from, payload = std::move(payload)](const DueAnswer& due) {
                        send(due, from, payload, "489 Bad Event");
                      });
}

void MulticastResponder::send(const DueAnswer& due, Endpoint to, std::string_view payload,
                              std::string_view summary) {
  answering_.send(due, socket(), to, bytes_of(payload), summary, call_id_of(payload));
}

void MulticastResponder::repeat(const DueAnswer& due, unsigned attempt, Endpoint to,
                                std::string_view payload) {
  answering_.repeat(due, attempt, socket(), to, bytes_of(payload), call_id_of(payload));
}

/// The rule's octets, in place of everything that would be said.
void MulticastResponder::raw_answer(const MulticastRule& rule, const SipMessage& message,
                                    Endpoint from) {
  std::string model =
      make_response(message, from, {.local = local(), .local_tag = {}, .header = {}, .value = {}});
  answering_.schedule(&rule, {}, "subscribe",
                      [this, to = message.contact().value_or(from), model = std::move(model)](
                          const DueAnswer& due) { send(due, to, model, ""); });
}

void MulticastResponder::repeat_ok(Subscription& subscription) {
  if (subscription.ok_attempts == 0) return;  // on its way, or never meant to be sent
  repeat(subscription.ok_due, ++subscription.ok_attempts, subscription.source, subscription.ok);
}

void MulticastResponder::schedule_ok(const MulticastRule* rule,
                                     const SharedSubscription& subscription) {
  const auto unnamed = without_id(rule);
  Answer standard;
  standard.id = config_->name + ":ok";
  standard.after = config_->ok_after;
  answering_.schedule(unnamed ? &*unnamed : nullptr, standard, "subscribe",
                      [this, subscription](const DueAnswer& due) {
                        subscription->ok =
                            make_response(subscription->subscribe, subscription->source,
                                          {.status = 200,
                                           .reason = "OK",
                                           .local = local(),
                                           .local_tag = subscription->tag,
                                           .header = "Expires",
                                           .value = "0"});
                        subscription->ok_due = due;
                        subscription->ok_attempts = 1;
                        send(due, subscription->source, subscription->ok, "200 OK");
                      });
}

void MulticastResponder::schedule_notify(const MulticastRule* rule,
                                         const SharedSubscription& subscription,
                                         const Notify& notify) {
  const auto unnamed = notify.id.empty() ? std::nullopt : without_id(rule);
  Answer standard;
  standard.id = notify.id.empty() ? config_->name + ":notify" : notify.id;
  standard.faults = notify.faults;
  standard.after = notify.after;
  standard.use = notify.use;
  // `notify` belongs to the configuration, which outlives every answer.
  answering_.schedule(
      unnamed ? &*unnamed : rule, standard, "subscribe",
      [this, subscription, &notify](const DueAnswer& due) {
        send_notify(due, *subscription, notify);
        if (!config_->ok_first && config_->send_ok && subscription->ok_attempts == 0) {
          schedule_ok(nullptr, subscription);
        }
      });
}

void MulticastResponder::send_notify(const DueAnswer& due, Subscription& subscription,
                                     const Notify& notify) {
  const Endpoint to = subscription.subscribe.contact().value_or(subscription.source);
  std::string branch = new_token("z9hG4bK-");
  std::string payload = make_notify(subscription.subscribe, {.local = local(),
                                                             .local_tag = subscription.tag,
                                                             .branch = branch,
                                                             .cseq = ++subscription.notifies_sent,
                                                             .content_type = notify.content_type,
                                                             .body = notify.url,
                                                             .unswapped = config_->unswapped});
  send(due, to, payload, "notify " + shown_url(notify.url));
  if (config_->repetitions == 0) return;
  in_flight_.add({.due = due,
                  .to = to,
                  .branch = std::move(branch),
                  .payload = std::move(payload),
                  .repetitions = config_->repetitions},
                 socket());
}

}  // namespace

std::unique_ptr<Responder> make_responder(Host& host,
                                          std::shared_ptr<const MulticastConfig> config) {
  return std::make_unique<MulticastResponder>(host, std::move(config));
}

}  // namespace provlab::netfakes
