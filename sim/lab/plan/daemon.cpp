#include "sim/lab/plan/daemon.hpp"

#include <algorithm>
#include <array>
#include <sstream>

namespace provlab::lab {

namespace {

using Protocols = std::string_view;
constexpr std::array<Protocols, 1> kDhcp{"dhcp"};
constexpr std::array<Protocols, 2> kDhcpAndDns{"dhcp", "dns"};
constexpr std::array<Protocols, 1> kNtp{"ntp"};
constexpr std::array<Protocols, 1> kHttp{"http"};
constexpr std::array<Protocols, 1> kMulticast{"multicast"};

constexpr std::array<DaemonKind, 6> kKinds{{
    {"isc-dhcpd", "dhcpd", "isc-dhcp-server", kDhcp},
    {"kea", "kea-dhcp4", "kea-dhcp4-server", kDhcp},
    {"dnsmasq", "dnsmasq", "dnsmasq-base", kDhcpAndDns},
    {"chronyd", "chronyd", "chrony", kNtp},
    {"nginx", "nginx", "nginx-light", kHttp},
    {"sipp", "sipp", "sip-tester", kMulticast},
}};

}  // namespace

std::span<const DaemonKind> daemon_kinds() {
  return kKinds;
}

const DaemonKind* daemon_kind(std::string_view name) {
  const auto found = std::ranges::find(kKinds, name, &DaemonKind::name);
  return found == kKinds.end() ? nullptr : &*found;
}

std::vector<std::string> served_by(std::string_view kind,
                                   const std::optional<std::string>& chosen) {
  const DaemonKind* known = daemon_kind(kind);
  if (known == nullptr) return {};
  if (!chosen) return {known->protocols.begin(), known->protocols.end()};
  std::vector<std::string> protocols;
  std::istringstream words(*chosen);
  for (std::string word; words >> word;) protocols.push_back(std::move(word));
  return protocols;
}

std::string daemon_names(std::span<const DaemonPlan> daemons) {
  std::vector<std::string_view> names;
  for (const DaemonPlan& daemon : daemons) {
    if (std::ranges::find(names, daemon.kind->name) == names.end()) {
      names.push_back(daemon.kind->name);
    }
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace provlab::lab
