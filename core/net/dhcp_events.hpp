#pragma once
#include <array>
#include <optional>
#include <string>

#include "core/net/dhcp_message.hpp"

/// What the DHCP client records.
namespace provlab::net {

/// A transaction id as tshark prints it: `0x3903f326`.
class XidText {
 public:
  explicit XidText(std::uint32_t xid) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (std::size_t i = 0; i < 8; ++i) text_[2 + i] = kDigits[(xid >> (28 - 4 * i)) & 15];
  }
  std::string_view view() const { return {text_.data(), text_.size()}; }

 private:
  std::array<char, 10> text_{'0', 'x'};
};

struct DhcpSent {
  static constexpr std::string_view name = "dhcp_sent";
  DhcpType message;
  std::string_view state;  ///< `selecting`, `requesting`, `declining`, `rebooting`, `renewing`,
                           ///< `rebinding`, `informing`
  std::uint32_t xid;
  unsigned attempt;  ///< 1 for the first transmission, counted anew in each state
  Endpoint to;
  void fields(auto&& field) const {
    field("message", type_name(message));
    field("state", state);
    field("xid", XidText(xid).view());
    field("attempt", attempt);
    field("to", to);
  }
};

/// Nothing went out, for want of an address, a route or the link; the client goes on as if it had.
struct DhcpSendFailed {
  static constexpr std::string_view name = "dhcp_send_failed";
  DhcpType message;
  std::string reason;
  void fields(auto&& field) const {
    field("message", type_name(message));
    field("reason", reason);
  }
};

struct DhcpReceived {
  static constexpr std::string_view name = "dhcp_received";
  DhcpType message;
  std::uint32_t xid;
  std::optional<Ipv4Address> server;  ///< option 54
  Ipv4Address address;                ///< yiaddr
  void fields(auto&& field) const {
    field("message", type_name(message));
    field("xid", XidText(xid).view());
    field("server", server);
    field("address", address);
  }
};

struct DhcpIgnored {
  static constexpr std::string_view name = "dhcp_ignored";
  std::string reason;
  std::optional<DhcpType> message;
  std::optional<Endpoint> from;
  void fields(auto&& field) const {
    field("reason", reason);
    if (message) field("message", type_name(*message));
    field("from", from);
  }
};

/// An option that is treated as if it were absent (SPEC 2.6); the rest of the message counts.
struct OptionIgnored {
  static constexpr std::string_view name = "option_ignored";
  std::uint8_t option;
  std::string_view reason;
  std::optional<DhcpType> message;
  std::optional<Endpoint> from;
  void fields(auto&& field) const {
    field("option", unsigned{option});
    field("reason", reason);
    if (message) field("message", type_name(*message));
    field("from", from);
  }
};

struct LeaseBound {
  static constexpr std::string_view name = "lease_bound";
  Ipv4Address address;
  unsigned prefix;
  std::optional<Ipv4Address> router;
  std::string dns, ntp;  ///< addresses, separated by commas
  Ipv4Address server;
  std::string lease_time, renew_after, rebind_after;  ///< with a unit, or `infinite`
  void fields(auto&& field) const {
    field("address", address);
    field("prefix", prefix);
    field("router", router);
    field("dns", dns);
    field("ntp", ntp);
    field("server", server);
    field("lease_time", lease_time);
    field("renew_after", renew_after);
    field("rebind_after", rebind_after);
  }
};

struct LeaseRenewed {
  static constexpr std::string_view name = "lease_renewed";
  Ipv4Address address;
  Ipv4Address server;
  std::string lease_time;
  bool changed;  ///< whether address, servers or provisioning options differ from before
  void fields(auto&& field) const {
    field("address", address);
    field("server", server);
    field("lease_time", lease_time);
    field("changed", changed);
  }
};

struct LeaseLost {
  static constexpr std::string_view name = "lease_lost";
  Ipv4Address address;
  std::string reason;
  void fields(auto&& field) const {
    field("address", address);
    field("reason", reason);
  }
};

/// The link is asked by ARP whether another host has the address that was leased (SPEC 2.6).
struct AddressProbed {
  static constexpr std::string_view name = "address_probed";
  Ipv4Address address;
  unsigned probe;  ///< 1 for the first
  void fields(auto&& field) const {
    field("address", address);
    field("probe", probe);
  }
};

/// Another host has the address; it is declined, and the client starts over.
struct AddressConflict {
  static constexpr std::string_view name = "address_conflict";
  Ipv4Address address;
  MacAddress holder;
  Ipv4Address server;
  Duration restart_after{};
  void fields(auto&& field) const {
    field("address", address);
    field("holder", holder);
    field("server", server);
    field("restart_after", restart_after);
  }
};

/// A server refused the REQUEST before there was a lease; the client starts over.
struct DhcpRefused {
  static constexpr std::string_view name = "dhcp_refused";
  Ipv4Address server;
  std::string reason;
  Duration restart_after{};
  void fields(auto&& field) const {
    field("server", server);
    field("reason", reason);
    field("restart_after", restart_after);
  }
};

}  // namespace provlab::net
