#pragma once
#include <functional>
#include <optional>
#include <string>

#include "core/platform/address.hpp"
#include "sim/wire/descriptor.hpp"

/// More networks than one in a process that has its own (enter_network_namespace), or that is root.
namespace provlab::wire {

/// A network of this machine's kernel, with interfaces of its own. It goes with the last that holds
/// it: this object, and the processes that were started in it.
class NetworkSpace {
 public:
  /// A new one, in which nothing is but a loopback interface that is up; without IPv6, which would
  /// only talk of itself.
  static Expected<NetworkSpace> make();
  /// The one that the calling thread is in.
  static Expected<NetworkSpace> current();

  /// Acts in this network, in a thread of its own.
  Expected<void> inside(const std::function<Expected<void>()>& act) const;
  int descriptor() const { return descriptor_.get(); }

 private:
  explicit NetworkSpace(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}
  Descriptor descriptor_;
};

/// Two ends of a cable (veth) in two networks, both up.
Expected<void> make_cable(const NetworkSpace& one, const std::string& name,
                          const NetworkSpace& other, const std::string& other_name);

// Of the network that the calling thread is in:

/// A switch that is up, learns at once and floods multicasts.
Expected<void> make_bridge(const std::string& name);
Expected<void> plug_into_bridge(const std::string& bridge, const std::string& interface);
/// To a network through an interface, by way of a router where one is given.
Expected<void> add_route(const std::string& interface, const InterfaceAddress& network,
                         std::optional<Ipv4Address> router = std::nullopt);
/// From now on it passes on what is for others.
Expected<void> route_for_others();
/// Everybody in this network hears the group on that interface, while the descriptor is held.
Expected<Descriptor> join_group(const std::string& interface, Ipv4Address group);

}  // namespace provlab::wire
