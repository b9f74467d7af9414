#pragma once
#include <string>
#include <utility>
#include <vector>

#include "sim/lab/plan/plan.hpp"

/// What a daemon is started with, written from a scenario's words; a file for each kind.
namespace provlab::lab {

/// The name that a daemon's interface has in its network.
inline constexpr const char* kDaemonInterface = "eth0";

/// Where a daemon stands.
struct DaemonSite {
  InterfaceAddress address;  ///< of its host
  std::string folder;        ///< for its files alone
  WallTime now{};            ///< the machine's time, around which certificates are valid
};

/// How one sees that a daemon serves.
struct Readiness {
  std::string protocol;  ///< of a socket: `udp`, `tcp`; empty: its log tells
  unsigned port = 0;
  std::string word;  ///< in its log
};

struct DaemonConfiguration {
  std::vector<std::pair<std::string, std::string>> files;  ///< name in the folder, content
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::vector<std::string> check;  ///< arguments with which it only reads its configuration
  Readiness ready;
  bool hears_multicast = false;  ///< 224.0.1.75 has to be joined for it
};

/// In the words of `daemon.kind`. Its own configuration, where it has one, is a file as it stands.
DaemonConfiguration configure(const DaemonPlan& daemon, const DaemonSite& site);

// One for each kind.
DaemonConfiguration configure_isc_dhcpd(const DaemonPlan& daemon, const DaemonSite& site);
DaemonConfiguration configure_kea(const DaemonPlan& daemon, const DaemonSite& site);
DaemonConfiguration configure_dnsmasq(const DaemonPlan& daemon, const DaemonSite& site);
DaemonConfiguration configure_chronyd(const DaemonPlan& daemon, const DaemonSite& site);
DaemonConfiguration configure_nginx(const DaemonPlan& daemon, const DaemonSite& site);
DaemonConfiguration configure_sipp(const DaemonPlan& daemon, const DaemonSite& site);

}  // namespace provlab::lab
