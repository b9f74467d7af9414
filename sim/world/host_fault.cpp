#include "sim/world/host_fault.hpp"

#include <cerrno>

namespace provlab::world {

std::string_view reason_of(HostTrouble trouble) {
  switch (trouble) {
    case HostTrouble::io_error:
      return "input/output error";
    case HostTrouble::no_space:
      return "no space left on the device";
    case HostTrouble::read_only:
      return "the file system is read-only";
    case HostTrouble::in_use:
      return "the address is already in use";
    case HostTrouble::no_network:
      return "the network is unreachable";
    case HostTrouble::no_route:
      return "there is no route to the host";
    case HostTrouble::too_many_files:
      return "too many open files";
    case HostTrouble::no_buffers:
      return "no buffer space available";
  }
  return "?";
}

error_code error_of(HostTrouble trouble) {
  const auto system = [](int number) {
    return error_code(number, boost::system::system_category());
  };
  switch (trouble) {
    case HostTrouble::io_error:
      return system(EIO);
    case HostTrouble::no_space:
      return system(ENOSPC);
    case HostTrouble::read_only:
      return system(EROFS);
    case HostTrouble::in_use:
      return asio::error::address_in_use;
    case HostTrouble::no_network:
      return asio::error::network_unreachable;
    case HostTrouble::no_route:
      return asio::error::host_unreachable;
    case HostTrouble::too_many_files:
      return asio::error::no_descriptors;
    case HostTrouble::no_buffers:
      return asio::error::no_buffer_space;
  }
  return asio::error::fault;
}

}  // namespace provlab::world
