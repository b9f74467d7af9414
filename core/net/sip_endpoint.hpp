#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "core/net/sip_message.hpp"
#include "core/platform/device_identity.hpp"
#include "core/platform/host.hpp"
#include "core/platform/task.hpp"

namespace provlab::net {

class SipSubscription;
struct SipSubscriptionState;

/// A NOTIFY that arrived, with what its receivers look at.
struct SipNotify {
  const SipMessage& message;
  Endpoint from;
  /// The body's first line without white space around it.
  std::string_view first_line() const;
};

/// What a request is answered with.
struct SipAnswer {
  unsigned status = 200;
  std::string reason_phrase = "OK";
  std::string why;  ///< for the trace
};

/// The answer 489 to a NOTIFY of this event package, which may be empty (RFC 6665 4.1.3).
SipAnswer bad_event(std::string_view package);

/// A request that was answered, kept for its retransmissions (RFC 3261 17.2.2, timer J).
struct SipServerTransaction {
  Instant expires;
  std::string key;
  Endpoint target;
  std::string answer;
  unsigned status;
};
using SipTransactions = std::deque<SipServerTransaction>;  ///< oldest first

/// The device's SIP port: one UDP socket on 5060, the server transactions of what arrives there,
/// and the dispatch of SPEC 4.4. Multicast subscriptions are made with SipSubscription.
///
/// Promises:
///  1. Each request but ACK gets exactly one answer; a retransmission (same branch, sent-by,
///     Call-ID and CSeq within 32 s, wherever it comes from) gets the same octets again and is not
///     dispatched again.
///  2. A NOTIFY whose Call-ID belongs to a living subscription goes there, whatever its Event; with
///     the Call-ID of one that has ended it is answered 481 and reported as late.
///  3. Other NOTIFYs by Event: `ua-profile` 481; else the handler for unsolicited NOTIFYs decides,
///     and without one 489.
///  4. Other methods get 405 with Allow; what cannot be read 400 where it can be answered.
///  5. Every datagram leaves one trace event that says what was done and why.
class SipEndpoint {
 public:
  static constexpr Port kPort = 5060;

  /// Judges a NOTIFY that belongs to no subscription. Must not destroy the endpoint.
  using UnsolicitedHandler = UniqueFunction<SipAnswer(const SipNotify&)>;

  SipEndpoint(Host& host, DeviceIdentity device);
  ~SipEndpoint();  ///< closes
  SipEndpoint(const SipEndpoint&) = delete;
  SipEndpoint& operator=(const SipEndpoint&) = delete;

  /// Takes port 5060. The group 224.0.1.75 is not joined: the device only sends there.
  Expected<void> open();
  /// Gives the port back. Living subscriptions send nothing more, and answered requests are
  /// forgotten.
  void close();
  bool is_open() const;
  /// The receive loop: until cancelled or closed.
  Task<> run();

  void on_unsolicited_notify(UnsolicitedHandler handler);

  /// The answered requests, for the endpoint after this one: so a request repeated across a reboot
  /// is still known as a repetition. This endpoint forgets them.
  SipTransactions hand_over();
  /// Takes over the answered requests of the endpoint before this one. Call before open().
  void take_over(SipTransactions answered);

  struct State;

 private:
  friend class SipSubscription;
  std::shared_ptr<State> state_;
};

}  // namespace provlab::net
