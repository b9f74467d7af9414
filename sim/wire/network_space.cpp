#include "sim/wire/network_space.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>
#include <thread>

#include "sim/wire/link_request.hpp"
#include "sim/wire/namespace.hpp"
#include "sim/wire/system_error.hpp"

namespace provlab::wire {

namespace {

/// Of the calling thread.
Expected<Descriptor> own_network() {
  Descriptor opened(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
  if (opened.get() < 0) return system_failed("the network cannot be opened");
  return opened;
}

bool write_setting(const char* path, std::string_view value) {
  const Descriptor file(::open(path, O_WRONLY | O_CLOEXEC));
  return file.get() >= 0 &&
         ::write(file.get(), value.data(), value.size()) == static_cast<ssize_t>(value.size());
}

/// What a thread that ends with it has to say.
template <class Act>
auto in_a_thread(Act&& act) {
  std::optional<decltype(act())> result;
  std::thread([&] { result.emplace(act()); }).join();
  return std::move(*result);
}

sockaddr socket_address(std::uint32_t value) {
  sockaddr_in octets{};
  octets.sin_family = AF_INET;
  octets.sin_addr.s_addr = htonl(value);
  sockaddr address{};
  std::memcpy(&address, &octets, sizeof address);
  return address;
}

}  // namespace

Expected<NetworkSpace> NetworkSpace::make() {
  auto made = in_a_thread([]() -> Expected<Descriptor> {
    if (::unshare(CLONE_NEWNET) != 0)
      return system_failed("the kernel gives no network of its own");
    if (const auto up = set_interface_up("lo", true); !up) return std::unexpected(up.error());
    // Where the settings are read-only IPv6 goes on talking, which harms nobody.
    write_setting("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
    write_setting("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
    return own_network();
  });
  if (!made) return std::unexpected(made.error());
  return NetworkSpace(std::move(*made));
}

Expected<NetworkSpace> NetworkSpace::current() {
  auto opened = own_network();
  if (!opened) return std::unexpected(opened.error());
  return NetworkSpace(std::move(*opened));
}

Expected<void> NetworkSpace::inside(const std::function<Expected<void>()>& act) const {
  return in_a_thread([&]() -> Expected<void> {
    if (::setns(descriptor(), CLONE_NEWNET) != 0) {
      return system_failed("the network cannot be entered");
    }
    return act();
  });
}

Expected<void> make_cable(const NetworkSpace& one, const std::string& name,
                          const NetworkSpace& other, const std::string& other_name) {
  const auto made = one.inside([&]() -> Expected<void> {
    if (auto done = cable_request(name, other_name, other.descriptor()).send(); !done) return done;
    return set_interface_up(name, true);
  });
  if (!made) return made;
  return other.inside([&] { return set_interface_up(other_name, true); });
}

Expected<void> make_bridge(const std::string& name) {
  LinkRequest request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  request.put_name(IFLA_IFNAME, name);
  const std::size_t info = request.begin(IFLA_LINKINFO);
  request.put(IFLA_INFO_KIND, "bridge");
  const std::size_t data = request.begin(IFLA_INFO_DATA);
  request.put_number(IFLA_BR_FORWARD_DELAY, 0);
  request.put_number(IFLA_BR_STP_STATE, 0);
  request.put_octet(IFLA_BR_MCAST_SNOOPING, 0);
  request.end(data);
  request.end(info);
  if (auto done = request.send(); !done) return done;
  return set_interface_up(name, true);
}

Expected<void> plug_into_bridge(const std::string& bridge, const std::string& interface) {
  LinkRequest request(RTM_NEWLINK, 0);
  request.put_name(IFLA_IFNAME, interface);
  request.put_number(IFLA_MASTER, ::if_nametoindex(bridge.c_str()));
  return request.send();
}

Expected<void> add_route(const std::string& interface, const InterfaceAddress& network,
                         std::optional<Ipv4Address> router) {
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return system_failed("the kernel gives no socket");
  std::string device = interface;
  rtentry route{};
  route.rt_dst = socket_address(network.address.value & network.mask());
  route.rt_genmask = socket_address(network.mask());
  route.rt_flags = RTF_UP;
  if (router) {
    route.rt_gateway = socket_address(router->value);
    route.rt_flags |= RTF_GATEWAY;
  }
  route.rt_dev = device.data();
  if (::ioctl(socket.get(), SIOCADDRT, &route) == 0) return {};
  return system_failed("a route cannot be added");
}

Expected<void> route_for_others() {
  // Nobody is told of a shorter way: those behind one router stay behind it.
  write_setting("/proc/sys/net/ipv4/conf/all/send_redirects", "0");
  write_setting("/proc/sys/net/ipv4/conf/eth0/send_redirects", "0");
  if (write_setting("/proc/sys/net/ipv4/ip_forward", "1")) return {};
  return system_failed("a host of this machine cannot be made a router (/proc/sys)");
}

Expected<Descriptor> join_group(const std::string& interface, Ipv4Address group) {
  Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return system_failed("the kernel gives no socket");
  ip_mreqn membership{};
  membership.imr_multiaddr.s_addr = htonl(group.value);
  membership.imr_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
  if (::setsockopt(socket.get(), IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof membership) !=
      0) {
    return system_failed("the group cannot be joined");
  }
  return socket;
}

}  // namespace provlab::wire
