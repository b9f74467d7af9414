#include "core/service/network_manager.hpp"

#include <algorithm>

#include "core/service/events.hpp"

namespace provlab::service {

namespace {

/// A cable tells nobody when it is put in, so while it is out we look this often.
constexpr Duration kCablePoll = std::chrono::milliseconds(500);

constexpr std::string_view kNtpServerPath = "time/ntpServer";

}  // namespace

NetworkManager::NetworkManager(Host& host, const DeviceIdentity& device, NetworkOptions options,
                               settings::Engine& settings, net::Resolver& resolver,
                               net::SntpClient& sntp)
    : host_(host),
      settings_(settings),
      resolver_(resolver),
      sntp_(sntp),
      fixed_(std::move(options.fixed)),
      dhcp_(host, device, options.dhcp),
      changed_(host) {}

Task<> NetworkManager::run() {
  if (fixed_) {
    adopt_fixed();
    co_return;
  }
  for (;;) {
    adopt_lease();
    co_await dhcp_.changed().wait_until(kNever);
  }
}

Task<> NetworkManager::run_dhcp() {
  if (!fixed_) co_await dhcp_.run();
}

void NetworkManager::adopt_fixed() {
  host_.configure(fixed_->configuration);
  configured_ = true;
  host_.record(NetworkConfigured{"static", fixed_->configuration.address.address,
                                 fixed_->configuration.router});
  tell_servers();
  changed_.notify_all();
}

void NetworkManager::adopt_lease() {
  const auto& lease = dhcp_.lease();
  if (!lease) {
    if (!configured_) return;
    configured_ = false;
    announced_.reset();
    resolver_.set_servers({});
    host_.record(NetworkLost{"the lease has ended"});
    changed_.notify_all();
    return;
  }
  configured_ = true;
  if (announced_ != lease->configuration) {
    announced_ = lease->configuration;
    host_.record(NetworkConfigured{"dhcp", lease->configuration.address.address,
                                   lease->configuration.router});
  }
  tell_servers();
  changed_.notify_all();
}

void NetworkManager::tell_servers() {
  std::string from_settings = settings_.configuration().text(kNtpServerPath);
  if (fixed_) {
    resolver_.set_servers(fixed_->dns_servers);
    sntp_.set_servers({}, std::move(from_settings));
  } else if (const auto& lease = dhcp_.lease()) {
    resolver_.set_servers(lease->dns_servers);
    sntp_.set_servers(lease->ntp_servers, std::move(from_settings));
  }
}

void NetworkManager::settings_changed() {
  if (configured_) tell_servers();
}

bool NetworkManager::available() const {
  return configured_ && host_.link_up();
}

Task<bool> NetworkManager::wait_available(Instant deadline) {
  while (!available()) {
    if (host_.now() >= deadline) co_return false;
    const Instant next = host_.link_up() ? deadline : std::min(deadline, host_.now() + kCablePoll);
    co_await changed_.wait_until(next);
  }
  co_return true;
}

std::string NetworkManager::why_unavailable() const {
  if (!host_.link_up()) return "the cable is not connected";
  if (!configured_) return "no DHCP server gave the phone an address";
  return "";
}

bool NetworkManager::knows_ntp_server() const {
  const auto& lease = dhcp_.lease();
  return (lease && !lease->ntp_servers.empty()) ||
         !settings_.configuration().text(kNtpServerPath).empty();
}

}  // namespace provlab::service
