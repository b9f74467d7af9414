#pragma once
#include <optional>
#include <string>
#include <vector>

#include "netfakes/dhcp_config.hpp"

/// What the writers for DHCP servers have in common.
namespace provlab::lab {

/// The addresses that clients get, within the network of the server.
struct DhcpPool {
  InterfaceAddress network;  ///< its address is the network's own
  Ipv4Address first;
  Ipv4Address last;
};
DhcpPool pool_of(const netfakes::DhcpConfig& config, const InterfaceAddress& server);

/// All options that a scenario lists, in the order of their codes but for 66, 67 and 43 in front.
/// Routers and servers of names and time are not among them.
std::vector<netfakes::DhcpOption> listed_options(const netfakes::DhcpSettings& settings);

/// `c0:00:02:01`.
std::string colon_hex(BytesView octets);
/// Whole seconds.
long long seconds_of(Duration time);
/// `192.0.2.1, 192.0.2.2`.
std::string address_list(const std::vector<Ipv4Address>& addresses, const char* between = ", ");

}  // namespace provlab::lab
