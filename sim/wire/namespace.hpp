#pragma once
#include <string>

#include "core/platform/address.hpp"

/// A network of one's own on this machine, without root: WIRE.md's way.
namespace provlab::wire {

/// Puts the process into a network namespace of its own, for which an ordinary user also takes a
/// user namespace, in which he is root; with more than one thread that fails. There is no way back.
/// Errors say why, and what to do.
Expected<void> enter_network_namespace();

/// Two ends of a cable (veth), both up, in the process's network namespace.
Expected<void> make_cable(const std::string& one, const std::string& other);
Expected<void> remove_interface(const std::string& name);
Expected<void> set_interface_up(const std::string& name, bool up);
/// Gives the machine's own stack an address on an interface.
Expected<void> set_interface_address(const std::string& name, const InterfaceAddress& address);

}  // namespace provlab::wire
