#include "sim/world/routing.hpp"

#include <fmt/format.h>

namespace provlab::world {

namespace {

constexpr unsigned kLongestPrefixWithBroadcast = 30;  // RFC 3021 2.2

bool is_directed_broadcast(const InterfaceAddress& own, Ipv4Address address) {
  return own.prefix_length <= kLongestPrefixWithBroadcast && address == own.directed_broadcast();
}

/// Empty where the host can have it as its router.
std::string_view fault_of_router(const InterfaceAddress& own, Ipv4Address router) {
  if (router == own.address) return "the router is the host itself";
  if (!own.on_link(router)) return "the router is not on the link";
  if (!router.is_unicast() || is_directed_broadcast(own, router)) return "the router is no host";
  return {};
}

std::unexpected<Error> unreachable(Ipv4Address destination, std::string_view why) {
  return fail(fmt::format("the network of {} is unreachable: {}", destination.to_string(), why));
}

}  // namespace

bool is_loopback(Ipv4Address address) {
  return address.value >> 24 == 127 || address.is_any();
}

Expected<Route> route_of(const Station& sender, Ipv4Address destination) {
  const auto& configuration = sender.configuration();
  if (!configuration) return fail("the network is unreachable: the interface has no address");
  const InterfaceAddress& own = configuration->address;
  if (destination.is_multicast() || destination.is_broadcast() ||
      is_directed_broadcast(own, destination)) {
    return Route{destination, true};
  }
  if (is_loopback(destination)) return unreachable(destination, "it means the host itself");
  if (own.on_link(destination) || sender.routes() || sender.segment() != 0) {
    return Route{destination};
  }
  if (!configuration->router) return unreachable(destination, "no router is configured");
  const std::string_view fault = fault_of_router(own, *configuration->router);
  if (!fault.empty()) return unreachable(destination, fault);
  return Route{*configuration->router};
}

}  // namespace provlab::world
