#pragma once
#include <map>
#include <optional>

#include "core/net/dhcp_message.hpp"
#include "core/platform/address.hpp"
#include "core/platform/time.hpp"

namespace provlab::lab {

/// Tells boots of phones by what they say to DHCP servers, and what those answer. What counts as a
/// boot:
///  1. A DISCOVER, or a REQUEST that asks for an address without naming a server (INIT-REBOOT), of
///  a phone that has not spoken yet, or that has had a lease since it last booted.
///  2. The same after 90 s of silence: it lost its power before it got an address.
///  3. An INFORM of a phone that has not spoken yet: its address is its own.
///  4. None is what follows a lease that was refused, declined or has run out, nor what follows
///  once upon excuse(): a cable that was put in again asks alike.
///  5. After expect() the next such message is one, whatever was before.
class BootWatch {
 public:
  /// A client's message; whether its sender boots with it.
  bool heard(Instant at, const net::DhcpMessage& message);
  /// A server's answer.
  void told(Instant at, const net::DhcpMessage& message);
  void expect() { expected_ = true; }
  void excuse() { excused_ = true; }
  /// The address that a phone was given and has not lost.
  std::optional<Ipv4Address> address_of(MacAddress phone) const;

 private:
  struct Phone {
    Instant spoke{};
    std::optional<Ipv4Address> lease;
    Instant lease_ends{};
  };
  std::map<MacAddress, Phone> phones_;
  bool expected_ = false;
  bool excused_ = false;
};

}  // namespace provlab::lab
