#pragma once
#include <memory>

#include "core/net/sip_notify.hpp"
#include "core/platform/device_identity.hpp"
#include "core/platform/host.hpp"
#include "core/platform/task.hpp"

namespace provlab::net {

class SipSubscription;
struct SipPort;

/// The device's SIP port: one UDP socket on 5060, the server transactions of what arrives there,
/// and the dispatch of SPEC 4.4. Multicast subscriptions are made with SipSubscription.
///
/// Promises:
///  1. Each request but ACK gets exactly one answer, or none where that would be longer than three
///     times the request. An accepted request that is retransmitted (same IP address of the sender,
///     branch, Call-ID and CSeq within 32 s) gets the same octets again and is not dispatched
///     again; a refused one is judged anew.
///  2. A NOTIFY whose Call-ID belongs to a living subscription goes there, whatever its Event; with
///     the Call-ID of one that has ended it is answered 481 and reported as late. The knob
///     notify-match lets other NOTIFYs of `ua-profile` go to the living one too.
///  3. Other NOTIFYs by Event: `ua-profile` 481; else the handler for unsolicited NOTIFYs decides,
///     and without one 489.
///  4. Another SIP version gets 505, another method 405 with Allow, a NOTIFY that cannot be read
///     400, in this order and wherever its top Via says whither.
///  5. Every datagram leaves one trace event that says what was done and why.
class SipEndpoint {
 public:
  SipEndpoint(Host& host, DeviceIdentity device, SipOptions options = {});
  ~SipEndpoint();  ///< closes
  SipEndpoint(const SipEndpoint&) = delete;
  SipEndpoint& operator=(const SipEndpoint&) = delete;

  /// Takes port 5060. The group 224.0.1.75 is not joined: the device only sends there.
  Expected<void> open();
  /// Gives the port back. Living subscriptions send nothing more, and accepted requests are
  /// forgotten.
  void close();
  bool is_open() const;
  /// The receive loop: until cancelled or closed.
  Task<> run();

  /// `handler` must not destroy the endpoint.
  void on_unsolicited_notify(SipUnsolicitedHandler handler);

  /// (D31) The accepted requests, for the endpoint after this one: so a request repeated across a
  /// reboot is still known as a repetition. This endpoint forgets them.
  SipTransactions hand_over();
  /// Takes over the accepted requests of the endpoint before this one. Call before open().
  void take_over(SipTransactions answered);

 private:
  friend class SipSubscription;
  std::shared_ptr<SipPort> port_;
};

}  // namespace provlab::net
