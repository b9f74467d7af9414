#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/net/sip_notify.hpp"
#include "core/platform/device_identity.hpp"
#include "core/platform/task_group.hpp"

/// What SipEndpoint and SipSubscription share; for sip_*.cpp only.
namespace provlab::net {

/// A subscription as the endpoint sees it. It is listed at the endpoint from its first SUBSCRIBE
/// on; once it has ended it stays there for a while so that late NOTIFYs are known for what they
/// are.
struct SipSubscriptionState {
  explicit SipSubscriptionState(Host& host) : changed(host) {}

  std::string call_id;
  std::string branch;
  bool acknowledged = false;  ///< a 2xx or a NOTIFY has come: no more retransmissions
  bool finished = false;      ///< a NOTIFY was judged `finished`
  bool ended = false;         ///< its owner is gone; on_notify must not be called any more
  SipNotifyHandler on_notify;
  SipLateHandler on_late;
  Notifier changed;
};

/// The socket, what was answered, and who waits for a NOTIFY: shared, because a subscription may
/// outlive the endpoint it was made at.
struct SipPort {
  static constexpr std::size_t kTransactions = 64;  ///< SPEC 4.5
  static constexpr std::size_t kSubscriptions = 16;

  SipPort(Host& h, DeviceIdentity d, SipOptions o) : host(h), device(std::move(d)), options(o) {}

  Host& host;
  const DeviceIdentity device;
  const SipOptions options;
  std::unique_ptr<UdpSocket> socket;
  SipUnsolicitedHandler unsolicited;
  std::vector<std::shared_ptr<SipSubscriptionState>> subscriptions;  ///< oldest first
  SipTransactions transactions;

  void receive(const Datagram& datagram);
  void list(std::shared_ptr<SipSubscriptionState> subscription);
  /// `digits` hexadecimal digits (at most 16) from Host::random().
  std::string random_hex(unsigned digits);

 private:
  /// A request that can be answered.
  struct Incoming {
    const SipMessage& message;
    SipVia via;
    Endpoint from;
    std::size_t size;  ///< of the datagram
  };

  void receive_request(const Incoming& request);
  void receive_response(const SipMessage& response, Endpoint from);
  void reject(const SipMalformed& malformed, const Datagram& datagram);
  void ignore(Endpoint from, std::string_view reason);
  SipAnswer dispatch(const Incoming& request);
  SipAnswer dispatch_notify(const SipNotify& notify);
  /// The subscription that a NOTIFY belongs to, or nullptr.
  SipSubscriptionState* subscription_of(const SipMessage& notify) const;
  SipAnswer deliver(SipSubscriptionState& subscription, const SipNotify& notify);
  /// Whether the request repeats one that was accepted; it has its answer then.
  bool replay(const Incoming& request);
  /// Answers the request and, where it is accepted, remembers it.
  void answer(const Incoming& request, const SipAnswer& answer);
  void respond(const Incoming& request, const SipServerTransaction& transaction,
               std::string_view why);
  bool send(Endpoint to, std::string_view datagram);
};

}  // namespace provlab::net
