#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/net/dhcp_client.hpp"
#include "core/net/resolver.hpp"
#include "core/net/sntp_client.hpp"
#include "core/platform/device_identity.hpp"
#include "core/platform/host.hpp"
#include "core/platform/task_group.hpp"
#include "core/settings/device_settings.hpp"

namespace provlab::service {

/// An address the device was given by hand.
struct StaticNetwork {
  InterfaceConfiguration configuration;
  std::vector<Ipv4Address> dns_servers;
};

/// The address that settings give by hand, or what is wrong with it; nothing where they leave it to
/// DHCP.
std::optional<Expected<StaticNetwork>> static_network(const settings::Configuration& configuration);

struct NetworkOptions {
  std::optional<StaticNetwork> fixed;  ///< absent: as the settings say
  net::DhcpClientOptions dhcp;
};

/// The device's network (SPEC 2.6): by DHCP or by a static address, which comes from the options or
/// from the settings `network/ipv4` (before 2.0C `network/ip`). It tells the resolver its servers
/// and domain and the SNTP client whom to ask (SPEC 2.7) whenever they change. The host's interface
/// is set up by the DHCP client, or here where the address is static. Changed address settings
/// count from the next boot.
///
/// All referred to must outlive the tasks returned.
class NetworkManager {
 public:
  NetworkManager(Host& host, const DeviceIdentity& device, NetworkOptions options,
                 settings::DeviceSettings& settings, net::Resolver& resolver,
                 net::SntpClient& sntp);

  /// Decides between DHCP and a static address. Call once, when the settings are loaded and before
  /// the tasks are started.
  void boot();
  /// Follows the leases, or sets the static address up; until cancelled. Call once.
  Task<> run();
  /// Acquires and keeps a lease until cancelled; ends at once where the address is static.
  Task<> run_dhcp();
  /// To be called when the settings have changed: the NTP server may be another.
  void settings_changed();

  /// Configured, the cable is in, and a lease from before the cable was out was asked for again.
  bool available() const;
  /// Returns true as soon as available(), false once `deadline` has passed.
  Task<bool> wait_available(Instant deadline);
  /// Why available() is false: part of a sentence.
  std::string why_unavailable() const;
  /// Whether DHCP or the settings name any NTP server.
  bool knows_ntp_server() const;
  /// What is known to be wrong with those, or why there are none: part of a sentence, may be empty.
  std::string time_trouble() const;

  /// Notified when the address was set, changed or lost.
  Notifier& changed() { return changed_; }
  /// Asks for leases, or by DHCPINFORM where the address is static.
  net::DhcpClient& dhcp() { return dhcp_; }

 private:
  void adopt_fixed();
  void adopt_lease();
  void tell_servers();
  void take_domain(const net::DhcpMessage& answer);

  Host& host_;
  settings::DeviceSettings& settings_;
  net::Resolver& resolver_;
  net::SntpClient& sntp_;
  std::optional<StaticNetwork> fixed_;
  std::string misconfigured_;  // why neither DHCP nor a static address can be used
  net::DhcpClient dhcp_;
  std::string informed_domain_;  // by the newest answer to DHCPINFORM that names one
  Notifier changed_;
  bool configured_ = false;
  bool lease_lost_ = false;                          // there was one, and no other has come
  std::optional<InterfaceConfiguration> announced_;  // the one last recorded
};

}  // namespace provlab::service
