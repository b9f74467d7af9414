#pragma once
#include <list>
#include <memory>
#include <string>

#include "core/net/device_clock.hpp"
#include "core/net/sip_endpoint.hpp"
#include "core/platform/timer.hpp"
#include "core/service/allowlist.hpp"
#include "core/service/notify_sync.hpp"
#include "core/settings/device_settings.hpp"

namespace provlab::service {

class ProvisioningService;

/// Judges the NOTIFYs that belong to no subscription, and does what they ask for (SPEC 7, 4.4). In
/// this order: check-sync switched off or the sender not in the allowlist 403, a Require 420,
/// another Event 489, a body that is neither `notifySync` nor settings 415, else 200; what was
/// asked for follows the answer, after startDelay or at startDate, at most 31 days later; of those
/// that wait the newest eight are remembered (SPEC 7.4). The Event parameter
/// `reboot=true` turns what a notifySync asks for into a reboot, and has settings in the body
/// applied before it.
class CheckSync {
 public:
  using Reboot = UniqueFunction<void()>;
  /// All referred to must outlive it. `reboot` must not end this object before it returns.
  CheckSync(Host& host, settings::DeviceSettings& settings, const Allowlist& allowlist,
            const net::DeviceClock& clock, ProvisioningService& service, Reboot reboot);

  net::SipAnswer judge(const net::SipNotify& notify);
  /// Nothing that is still to start will.
  void stop() { pending_.clear(); }

 private:
  /// What a NOTIFY asks for: to apply the settings in its body, if there are any, or else what its
  /// notifySync says. A reboot by the Event parameter comes after either.
  struct Wish {
    NotifySync sync;
    std::shared_ptr<const settings::Document> settings;
  };
  /// What was asked for and has not begun.
  struct Pending {
    Pending(Host& host, Wish asked, Endpoint asker, bool waits)
        : start(host), wish(std::move(asked)), from(asker), delayed(waits) {}
    Timer start;
    Wish wish;
    Endpoint from;
    bool delayed;  ///< begins later than right after the answer
  };
  net::SipAnswer refuse(const net::SipNotify& notify, net::SipAnswer answer);
  /// The wish in the body; the error says why it is unknown.
  Expected<Wish> read_body(const net::SipMessage& message);
  bool is_snippet(const settings::Document& document) const;
  net::SipAnswer accept(const net::SipNotify& notify, Wish wish, Duration delay);
  /// How long to wait, at most kLongestWait; the error says that it would be longer.
  Expected<Duration> until_start(const NotifySync& sync) const;
  WallTime moment_of(const XsdDateTime& date) const;
  /// Makes room for one more that waits.
  void drop_oldest();
  void perform(const Wish& wish, Endpoint from);

  Host& host_;
  settings::DeviceSettings& settings_;
  const Allowlist& allowlist_;
  const net::DeviceClock& clock_;
  ProvisioningService& service_;
  Reboot reboot_;
  std::list<Pending> pending_;  ///< oldest first
};

}  // namespace provlab::service
