#pragma once
#include <optional>

#include "core/net/dhcp_lease.hpp"
#include "core/net/dhcp_message.hpp"
#include "core/net/dhcp_port.hpp"
#include "core/platform/device_identity.hpp"
#include "core/platform/task_group.hpp"

namespace provlab::net {

struct DhcpClientOptions {
  Duration inform_wait = std::chrono::seconds(4);  ///< for one answer to DHCPINFORM (SPEC 3.6)
  unsigned inform_tries = 3;
  bool arp_probe = false;  ///< knob arp-probe: whether a leased address is probed before it is used
};

/// The DHCP client of RFC 2131 as SPEC 2.6 narrows it.
///  1. It goes from INIT over SELECTING and REQUESTING to BOUND, then to RENEWING and REBINDING,
///     for ever.
///  2. The host's interface is set up when a lease is bound. The address goes when the lease is
///     lost.
///  3. Without an address it speaks in link frames, with one over UDP.
///  4. By the option arp_probe it asks the link whether another host has the address, before it
///     binds one or takes its old one over, and declines what another has.
///  5. It does not remember a lease over a power cut. It never releases one: a phone that loses
///     power cannot.
///  6. A reply that does not count is traced with its reason (dhcp_ignored), and the wait goes on.
///  7. When the cable comes back in, all waits end and it asks anew at once (SPEC 2.6): for the
///     lease that it has, which holds meanwhile, else by DISCOVER.
/// Owned by the network manager of the phone; must outlive the tasks it returned.
class DhcpClient {
 public:
  DhcpClient(Host& host, DeviceIdentity device, DhcpClientOptions options = {});
  DhcpClient(const DhcpClient&) = delete;
  DhcpClient& operator=(const DhcpClient&) = delete;

  /// Runs until cancelled; run it once at a time. Starting it forgets the lease of a former run.
  Task<> run();

  const std::optional<Lease>& lease() const { return lease_; }
  /// Whether there is a lease, but the cable was out and the first REQUEST to confirm the lease has
  /// been neither answered nor given up.
  bool unconfirmed() const { return unconfirmed_; }
  /// What has gone wrong last since there was a lease or a cable: part of a sentence, or empty.
  const std::string& trouble() const { return trouble_; }

  /// Notified at every bind, at a renewal that changed the configuration or the options, when the
  /// lease is lost, and when it is no longer unconfirmed().
  Notifier& changed() { return changed_; }

  /// Asks for options by DHCPINFORM (SPEC 3.6), with the address that the host has, beside run() if
  /// need be. Takes the first ACK; an error where the host has no address or nobody answers. The
  /// tries start anew when the cable comes back.
  Task<Expected<DhcpReply>> inform();
  /// `informed` is called with each such ACK before inform() returns.
  void on_informed(UniqueFunction<void(const DhcpMessage&)> informed) {
    informed_ = std::move(informed);
  }

 private:
  enum class Verdict { bound, refused, silent };
  /// The offer that is taken, as the REQUEST names it.
  struct Selection {
    Ipv4Address address, server;
    std::uint32_t xid;
    std::uint16_t secs;  // of the DISCOVER; the REQUEST repeats it (RFC 2131 4.4.1)
  };

  Task<> converse();
  Task<bool> cable_returns();
  Task<Verdict> reboot();
  Task<std::optional<Verdict>> judge_reboot(LinkSocket& socket, DhcpReply reply, Instant sent_at);
  void go_unconfirmed();
  Task<> acquire();
  Task<Selection> select(LinkSocket& socket, std::uint32_t xid, Instant began);
  Task<Verdict> request(LinkSocket& socket, Selection selection);
  Task<std::optional<DhcpReply>> next_reply(LinkSocket& socket, std::uint32_t xid,
                                            Instant deadline);
  Instant until_expiry(Instant deadline) const;
  void expire();
  Task<> pause_until(Instant deadline);
  std::optional<Lease> grant(const DhcpReply& ack, Instant sent_at);
  Task<bool> taken(LinkSocket& socket, const Lease& lease);
  Task<std::optional<MacAddress>> probe(Ipv4Address address);
  void decline(LinkSocket& socket, const Lease& lease, MacAddress holder);
  Task<> keep();
  Task<bool> extend(DhcpPort::Exchange& exchange);
  bool judge_extension(const DhcpReply& reply, Instant sent_at, bool rebinding);

  DhcpMessage identified(DhcpType type, std::uint32_t xid) const;
  /// With the seconds since the transaction began.
  DhcpMessage message(DhcpType type, std::uint32_t xid, Instant began) const;
  /// Replies to this phone: others of its segment get theirs by broadcast too.
  LinkFilter link_filter() const;
  void send_link(LinkSocket& socket, const DhcpMessage& message, std::string_view state,
                 unsigned attempt);
  void send_udp(DhcpPort::Exchange& exchange, Endpoint to, const DhcpMessage& message,
                std::string_view state, unsigned attempt);
  Duration retransmission_wait(unsigned attempt);
  void ignore(const DhcpReply& reply, std::string reason);
  std::string refusal(const DhcpReply& nak, Ipv4Address address);
  void bind(Lease lease);
  void renew(Lease lease);
  void lose(std::string reason);

  Host& host_;
  DeviceIdentity device_;
  DhcpClientOptions options_;
  Notifier changed_;
  UniqueFunction<void(const DhcpMessage&)> informed_;
  DhcpPort port_;
  std::optional<Lease> lease_;
  unsigned refusals_ = 0;   // NAKs since the last lease
  unsigned conflicts_ = 0;  // addresses declined since the last lease
  bool unconfirmed_ = false;
  std::string trouble_;
  TaskGroup conversation_;
};

}  // namespace provlab::net
