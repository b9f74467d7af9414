#pragma once
#include "sim/world/station.hpp"

namespace provlab::world {

/// The first step of a packet.
struct Route {
  Ipv4Address hop;     ///< whose link address is asked for, or the group
  bool group = false;  ///< to all of the link, or to those of a multicast group
};

/// Where a host sends what is for `destination`, by its own table alone, as Linux fills it from
/// address, prefix and router (RFC 1122 3.3.1.1). Whether anybody is there is not asked.
///  1. What the prefix says is on the link goes there directly, also where the prefix is wrong.
///  2. Anything else goes to the router; a router that is not another host of the link is none.
///  3. Routers, and the hosts outside the LAN, which stand for the rest of the world, know all
///  ways.
/// Errors: the host has no address, no router, or means itself.
Expected<Route> route_of(const Station& sender, Ipv4Address destination);

/// Whether a host means itself by this address without its being its own: 127.0.0.0/8 or 0.0.0.0.
bool is_loopback(Ipv4Address address);

}  // namespace provlab::world
