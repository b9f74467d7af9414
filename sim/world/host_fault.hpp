#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "core/platform/host.hpp"

/// What a machine itself can fail at, beside its network and its power: the calls that a Host makes
/// of its system.
namespace provlab::world {

enum class HostOperation : std::uint8_t {
  read,  ///< of the disk, as those that follow
  write,
  sync,
  rename,
  remove,
  sync_folder,
  bind,    ///< a UDP port, or a link socket for one
  listen,  ///< a TCP port
  send,    ///< a datagram
  connect  ///< by TCP
};

enum class HostTrouble : std::uint8_t {
  io_error,
  no_space,
  read_only,
  in_use,
  no_network,
  no_route,
  too_many_files,
  no_buffers
};
std::string_view reason_of(HostTrouble trouble);  ///< as a sentence has it: `no space left`
error_code error_of(HostTrouble trouble);

struct HostCall {
  HostOperation operation;
  std::string_view file{};  ///< of the disk
  Endpoint endpoint{};      ///< whither; of bind and listen the port alone
};

/// Asked before each call: why it fails, or nothing.
using HostFault = std::function<std::optional<HostTrouble>(const HostCall&)>;

}  // namespace provlab::world
