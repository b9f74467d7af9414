#include "sim/wire/namespace.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sim/wire/descriptor.hpp"
#include "sim/wire/link_request.hpp"
#include "sim/wire/system_error.hpp"

namespace provlab::wire {

namespace {

bool write_file(const char* path, std::string_view text) {
  const Descriptor file(::open(path, O_WRONLY | O_CLOEXEC));
  return file.get() >= 0 &&
         ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

template <class Change>
Expected<void> by_ioctl(const std::string& name, unsigned long request, std::string_view what,
                        Change change) {
  ifreq asked{};
  name.copy(asked.ifr_name, IFNAMSIZ - 1);
  const Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return system_failed("the kernel gives no socket");
  change(socket.get(), asked);
  if (::ioctl(socket.get(), request, &asked) == 0) return {};
  return system_failed(fmt::format("{} of '{}' cannot be set", what, name));
}

}  // namespace

Expected<void> enter_network_namespace() {
  // Who may have one without a user namespace keeps his files and his rights.
  if (::unshare(CLONE_NEWNET) == 0) return set_interface_up("lo", true);
  const unsigned user = ::getuid();
  const unsigned group = ::getgid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
    const int number = errno;
    return fail(
        fmt::format("this machine gives an ordinary user no network of its own ({}); allow user "
                    "namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone "
                    "or kernel.apparmor_restrict_unprivileged_userns)",
                    std::strerror(number)));
  }
  if (!write_file("/proc/self/setgroups", "deny") ||
      !write_file("/proc/self/uid_map", fmt::format("0 {} 1", user)) ||
      !write_file("/proc/self/gid_map", fmt::format("0 {} 1", group))) {
    return system_failed("the user namespace cannot be set up");
  }
  return set_interface_up("lo", true);
}

Expected<void> make_cable(const std::string& one, const std::string& other) {
  if (auto made = cable_request(one, other).send(); !made) return made;
  if (auto up = set_interface_up(one, true); !up) return up;
  return set_interface_up(other, true);
}

Expected<void> remove_interface(const std::string& name) {
  LinkRequest request(RTM_DELLINK, 0);
  request.put_name(IFLA_IFNAME, name);
  return request.send();
}

Expected<void> set_interface_up(const std::string& name, bool up) {
  return by_ioctl(name, SIOCSIFFLAGS, "the state", [up](int socket, ifreq& asked) {
    (void)::ioctl(socket, SIOCGIFFLAGS, &asked);
    const int flags = up ? asked.ifr_flags | IFF_UP : asked.ifr_flags & ~IFF_UP;
    asked.ifr_flags = static_cast<short>(flags);
  });
}

Expected<void> set_interface_address(const std::string& name, const InterfaceAddress& address) {
  const auto set = [&](unsigned long request, std::string_view what, std::uint32_t value) {
    return by_ioctl(name, request, what, [value](int, ifreq& asked) {
      sockaddr_in octets{};
      octets.sin_family = AF_INET;
      octets.sin_addr.s_addr = htonl(value);
      std::memcpy(&asked.ifr_addr, &octets, sizeof octets);
    });
  };
  if (auto done = set(SIOCSIFADDR, "the address", address.address.value); !done) return done;
  return set(SIOCSIFNETMASK, "the netmask", address.mask());
}

}  // namespace provlab::wire
