#pragma once
#include <deque>
#include <string>
#include <string_view>

#include "core/net/sip_message.hpp"
#include "core/platform/host.hpp"
#include "core/platform/unique_function.hpp"

/// What the SIP port and those who receive its NOTIFYs say to each other.
namespace provlab::net {

inline constexpr Port kSipPort = 5060;

/// The knobs of the SIP port (SPEC 4.2).
struct SipOptions {
  /// Which NOTIFYs belong to a multicast subscription.
  enum class NotifyMatch {
    call_id,  ///< those of its Call-ID
    event     ///< and, while it runs, those of `ua-profile` with a Call-ID of nobody's
  };
  NotifyMatch notify_match = NotifyMatch::call_id;
  SipContentLength content_length = SipContentLength::strict;
};

/// A NOTIFY that arrived, with what its receivers look at.
struct SipNotify {
  const SipMessage& message;
  Endpoint from;
  /// The body's first line without white space around it and without a byte-order mark.
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

/// A request that was accepted, kept for its retransmissions (RFC 3261 17.2.2, timer J).
struct SipServerTransaction {
  Instant expires;
  std::string key;
  Endpoint target;
  std::string answer;
  unsigned status;
};
using SipTransactions = std::deque<SipServerTransaction>;  ///< oldest first

/// What the receiver of a subscription makes of one NOTIFY.
enum class NotifyVerdict {
  keep_listening,  ///< answered 200; of no use
  finished,        ///< answered 200; the subscription has served its purpose
  too_late,        ///< answered 481: something else has been decided meanwhile
};

using SipNotifyHandler = UniqueFunction<NotifyVerdict(const SipNotify&)>;
using SipLateHandler = UniqueFunction<void(const SipNotify&)>;
/// Judges a NOTIFY that belongs to no subscription.
using SipUnsolicitedHandler = UniqueFunction<SipAnswer(const SipNotify&)>;

}  // namespace provlab::net
