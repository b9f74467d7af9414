#include "sim/lab/daemons/configuration.hpp"

#include <map>

namespace provlab::lab {

DaemonConfiguration configure(const DaemonPlan& daemon, const DaemonSite& site) {
  using Configure = DaemonConfiguration (*)(const DaemonPlan&, const DaemonSite&);
  static const std::map<std::string_view, Configure> kKinds{
      {"isc-dhcpd", &configure_isc_dhcpd}, {"kea", &configure_kea},
      {"dnsmasq", &configure_dnsmasq},     {"chronyd", &configure_chronyd},
      {"nginx", &configure_nginx},         {"sipp", &configure_sipp}};
  DaemonConfiguration made = kKinds.at(daemon.kind->name)(daemon, site);
  // The first file is the one that its arguments name.
  if (daemon.own) made.files.front().second = *daemon.own;
  return made;
}

}  // namespace provlab::lab
