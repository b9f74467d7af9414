#include "core/service/network_manager.hpp"

#include <algorithm>

#include "core/service/events.hpp"

namespace provlab::service {

namespace {

constexpr std::string_view kNtpServerPath = "time/ntpServer";
constexpr std::string_view kIpv4Path = "network/ipv4/";
constexpr std::string_view kIpPath = "network/ip/";  // before 2.0C

/// A setting of the address, by the name that the release has for it.
std::string ipv4_setting(const settings::Configuration& configuration, std::string_view leaf) {
  const bool old = !configuration.text(std::string(kIpPath).append("dhcp")).empty();
  return std::string(old ? kIpPath : kIpv4Path).append(leaf);
}

Expected<StaticNetwork> read_fixed(const settings::Configuration& configuration) {
  const auto path = [&](std::string_view leaf) { return ipv4_setting(configuration, leaf); };
  const auto text = [&](std::string_view leaf) { return configuration.text(path(leaf)); };
  const auto address_at = [&](std::string_view leaf) -> Expected<Ipv4Address> {
    const auto address = Ipv4Address::parse(text(leaf));
    if (address) return *address;
    return fail(address.error().text, path(leaf));
  };
  StaticNetwork fixed;
  const auto address = address_at("address");
  if (!address) return std::unexpected(address.error());
  if (!address->is_unicast()) {
    return fail(address->to_string() + " is not the address of a host", path("address"));
  }
  const auto netmask = address_at("netmask");
  if (!netmask) return std::unexpected(netmask.error());
  const auto prefix = prefix_length_of(*netmask);
  if (!prefix) return fail(prefix.error().text, path("netmask"));
  fixed.configuration.address = {*address, *prefix};
  if (!text("gateway").empty()) {
    const auto gateway = address_at("gateway");
    if (!gateway) return std::unexpected(gateway.error());
    fixed.configuration.router = *gateway;
  }
  for (const std::string_view leaf : {"primaryDns", "secondaryDns"}) {
    if (text(leaf).empty()) continue;
    const auto server = address_at(leaf);
    if (!server) return std::unexpected(server.error());
    fixed.dns_servers.push_back(*server);
  }
  return fixed;
}

}  // namespace

std::optional<Expected<StaticNetwork>> static_network(
    const settings::Configuration& configuration) {
  if (configuration.flag(ipv4_setting(configuration, "dhcp"), true)) return std::nullopt;
  return read_fixed(configuration);
}

NetworkManager::NetworkManager(Host& host, const DeviceIdentity& device, NetworkOptions options,
                               settings::DeviceSettings& settings, net::Resolver& resolver,
                               net::SntpClient& sntp)
    : host_(host),
      settings_(settings),
      resolver_(resolver),
      sntp_(sntp),
      fixed_(std::move(options.fixed)),
      dhcp_(host, device, options.dhcp),
      changed_(host) {
  dhcp_.on_informed([this](const net::DhcpMessage& answer) { take_domain(answer); });
}

void NetworkManager::boot() {
  if (fixed_) return;
  auto fixed = static_network(settings_.configuration());
  if (!fixed) return;
  if (*fixed) {
    fixed_ = std::move(**fixed);
  } else {
    misconfigured_ = fixed->error().to_string();
  }
}

Task<> NetworkManager::run() {
  if (!misconfigured_.empty()) co_return;
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
  if (!fixed_ && misconfigured_.empty()) co_await dhcp_.run();
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
    lease_lost_ = true;
    announced_.reset();
    informed_domain_.clear();
    resolver_.set_servers({});
    host_.record(NetworkLost{"the lease has ended"});
    changed_.notify_all();
    return;
  }
  configured_ = true;
  lease_lost_ = false;
  if (announced_ != lease->configuration) {
    informed_domain_.clear();
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
    resolver_.set_servers(fixed_->dns_servers, informed_domain_);
    sntp_.set_servers({}, std::move(from_settings));
  } else if (const auto& lease = dhcp_.lease()) {
    resolver_.set_servers(lease->dns_servers,
                          informed_domain_.empty() ? lease->domain : informed_domain_,
                          lease->why_left_out(net::dhcp_option::kDnsServer));
    sntp_.set_servers(lease->ntp_servers, std::move(from_settings));
  }
}

/// Before the URL of the same answer is used: a name in it may need the domain.
void NetworkManager::take_domain(const net::DhcpMessage& answer) {
  std::string domain = net::domain_of(answer);
  if (domain.empty()) return;
  informed_domain_ = std::move(domain);
  tell_servers();
  changed_.notify_all();
}

void NetworkManager::settings_changed() {
  if (configured_) tell_servers();
}

bool NetworkManager::available() const {
  return configured_ && host_.link_up() && !dhcp_.unconfirmed();
}

Task<bool> NetworkManager::wait_available(Instant deadline) {
  while (!available()) {
    if (host_.now() >= deadline) co_return false;
    if (host_.link_up()) {
      co_await changed_.wait_until(deadline);
    } else {
      co_await link_change_until(host_, deadline);
    }
  }
  co_return true;
}

std::string NetworkManager::why_unavailable() const {
  if (!host_.link_up()) return "the cable is not connected";
  if (!misconfigured_.empty()) return "the static address cannot be used, " + misconfigured_;
  std::string reason;
  if (lease_lost_) {
    reason = "the lease has ended and no DHCP server gave another";
  } else if (!configured_) {
    reason = "no DHCP server gave the phone an address";
  } else if (dhcp_.unconfirmed()) {
    reason = "no DHCP server has confirmed the address since the cable came back";
  }
  if (!reason.empty() && !dhcp_.trouble().empty()) reason.append(", ").append(dhcp_.trouble());
  return reason;
}

std::string NetworkManager::time_trouble() const {
  if (knows_ntp_server() || !dhcp_.lease()) return sntp_.trouble();
  return dhcp_.lease()->why_left_out(net::dhcp_option::kNtpServer);
}

bool NetworkManager::knows_ntp_server() const {
  const auto& lease = dhcp_.lease();
  return (lease && !lease->ntp_servers.empty()) ||
         !settings_.configuration().text(kNtpServerPath).empty();
}

}  // namespace provlab::service
