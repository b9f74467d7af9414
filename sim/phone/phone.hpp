#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/net/dhcp_client.hpp"
#include "core/net/sip_endpoint.hpp"
#include "core/net/sntp_client.hpp"
#include "core/platform/device_identity.hpp"
#include "core/platform/host.hpp"
#include "core/platform/tether.hpp"
#include "core/service/provisioning_run.hpp"
#include "core/settings/configuration.hpp"
#include "sim/web/web_ui.hpp"

namespace provlab::phone {

struct PhoneOptions {
  DeviceIdentity identity;
  service::ServiceOptions service;
  bool run_at_boot = true;  ///< knob on-boot: a boot is a trigger, or never (SPEC 2.2)
  std::optional<InterfaceConfiguration> static_address;  ///< absent: as `network/ipv4` says
  std::vector<Ipv4Address> static_dns;
  /// The store before the first power-on: this document, or the factory defaults, with `path` =
  /// `value` settings put over it. Without either the device is fresh from the factory.
  std::optional<std::string> initial_configuration_xml;
  std::vector<std::pair<std::string, std::string>> settings;
  net::DhcpClientOptions dhcp;
  net::SntpOptions sntp;
  net::SipOptions sip;
  std::string ca_file;  ///< trusted certificates (PEM); empty: the system's
  web::WebOptions web;
};

/// A D100 or D200: power, boot and menu around the provisioning core. Its store is the host's
/// storage; clock, address and everything under way die with the power (SPEC 1.3, 1.4). Only a
/// reboot that a NOTIFY asked for remembers which NOTIFYs were answered (SPEC 7.3).
///
/// Power-off is at once: nothing more is started, and what still unwinds keeps its objects alive by
/// itself. Whoever owns the host switches its network off in the same moment, after power_off():
/// else what the broken connections tell the phone reaches it before its end does. Destroy a phone
/// before its world.
class Phone {
 public:
  Phone(Host& host, PhoneOptions options);
  ~Phone();
  Phone(const Phone&) = delete;
  Phone& operator=(const Phone&) = delete;

  void power_on();   ///< boots; nothing where it is on
  void power_off();  ///< nothing where it is off
  void reboot() {
    power_off();
    power_on();
  }
  bool powered() const { return on_; }

  /// The settings menu (SPEC 8.1). Without power nothing happens.
  void press_start_provisioning();
  void enter_url(std::string url);  ///< `provisioning/url`
  void set(std::string_view path, std::string_view value);

  /// The Web UI (SPEC 8.2). Without power there is no backup, and an upload reaches nobody.
  std::optional<std::string> make_backup();
  void upload(std::string_view document);  ///< "restore backup": patch or operations type
  /// Gives its Web UI a connection that came another way than over its network, under these names
  /// (`127.0.0.1:8080`). Without power it is closed.
  void serve_web(std::unique_ptr<StreamSocket> socket, std::vector<std::string> names);

  bool run_in_progress() const;
  /// In memory, or while the power is off in the store.
  const settings::Configuration& configuration() const;
  /// Whether no socket, timer or transfer of a former run is left, nor anything of a former power
  /// cycle (SPEC I9).
  bool resources_released() const;

 private:
  struct Power;  // all that a power cut ends (D7)

  void prepare_store();
  void boot(unsigned attempt);

  Host& host_;
  PhoneOptions options_;
  bool on_ = false;
  std::shared_ptr<Power> power_;    // what runs while the power is on
  std::weak_ptr<Power> unwinding_;  // what ran before
  settings::Configuration stored_;  // valid while the power is off
  net::SipTransactions answered_;   // for the next boot, where a NOTIFY asked for it
  Tether boot_later_;               // holds where a boot waits for the former power cycle's end
  Tether reboot_soon_;              // holds where a reboot was asked for
};

}  // namespace provlab::phone
