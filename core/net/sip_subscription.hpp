#pragma once
#include <memory>
#include <string>

#include "core/net/sip_notify.hpp"
#include "core/platform/task.hpp"

namespace provlab::net {

class SipEndpoint;
struct SipPort;
struct SipSubscriptionState;

/// One multicast SUBSCRIBE for ua-profile and the NOTIFYs that answer it (SPEC 4.2, RFC 6080).
///
/// The SUBSCRIBE leaves from port 5060 to 224.0.1.75:5060 at 0, 0.5, 1.5, 3.5 s … (timer E of
/// RFC 3261 17.1.2.2: T1 500 ms, T2 4 s, at most 64·T1) until a 2xx or a NOTIFY arrives. NOTIFYs
/// are matched by Call-ID alone and judged by `on_notify` in the instant of their arrival. When the
/// object is destroyed nothing more is sent; a NOTIFY that still comes is answered 481 and handed
/// to `on_late`, which the endpoint keeps for the last few subscriptions.
class SipSubscription {
 public:
  static constexpr Ipv4Address kGroup = Ipv4Address::of(224, 0, 1, 75);

  /// `on_notify` must hold for as long as this object lives, `on_late` for as long as the endpoint.
  /// Neither may start a subscription or destroy the endpoint.
  SipSubscription(SipEndpoint& endpoint, SipNotifyHandler on_notify, SipLateHandler on_late);
  ~SipSubscription();
  SipSubscription(const SipSubscription&) = delete;
  SipSubscription& operator=(const SipSubscription&) = delete;

  enum class End { finished, timed_out, cancelled };
  /// Sends and listens until a NOTIFY was judged `finished`, until `deadline`, or until cancelled,
  /// which is no exception here; an error where the first SUBSCRIBE could not be sent. To be called
  /// once.
  Task<Expected<End>> run(Instant deadline);

  const std::string& call_id() const;

 private:
  std::shared_ptr<SipPort> port_;
  std::shared_ptr<SipSubscriptionState> state_;
};

}  // namespace provlab::net
