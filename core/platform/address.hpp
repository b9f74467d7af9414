#pragma once
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/error.hpp"

namespace provlab {

/// An IEEE 802 address, six octets in the order they are sent.
struct MacAddress {
  std::array<std::uint8_t, 6> octets{};

  static constexpr MacAddress broadcast() { return {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}; }
  bool is_group() const { return octets[0] & 1; }
  std::string to_string() const;  ///< upper case with colons
  std::string compact() const;    ///< upper case without colons (SPEC 5.1)
  friend auto operator<=>(const MacAddress&, const MacAddress&) = default;
};

/// An IPv4 address; `value` is in host byte order.
struct Ipv4Address {
  std::uint32_t value = 0;

  static Expected<Ipv4Address> parse(std::string_view text);  ///< dotted quad only
  /// The same for text that may well be something else, a name: nothing where it is no address.
  static std::optional<Ipv4Address> read(std::string_view text);
  static constexpr Ipv4Address any() { return {0}; }
  static constexpr Ipv4Address broadcast() { return {0xffffffffU}; }
  static constexpr Ipv4Address of(unsigned a, unsigned b, unsigned c, unsigned d) {
    return {(a << 24) | (b << 16) | (c << 8) | d};
  }
  constexpr bool is_any() const { return value == 0; }
  constexpr bool is_broadcast() const { return value == 0xffffffffU; }
  constexpr bool is_multicast() const { return value >> 28 == 0xe; }
  /// A host's own address: neither any, broadcast, multicast, loopback nor reserved.
  constexpr bool is_unicast() const {
    return value >> 24 != 0 && value >> 24 != 127 && value >> 28 < 0xe;
  }
  static constexpr std::size_t kTextOctets = 16;
  /// Puts the text where there is room for kTextOctets, and gives its end.
  char* write_to(char* out) const;
  std::string to_string() const;
  friend constexpr auto operator<=>(const Ipv4Address&, const Ipv4Address&) = default;
};

using Port = std::uint16_t;

struct Endpoint {
  Ipv4Address address;
  Port port = 0;

  static constexpr std::size_t kTextOctets = Ipv4Address::kTextOctets + 6;
  char* write_to(char* out) const;  ///< as Ipv4Address::write_to()
  std::string to_string() const;
  friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// An interface's own address with the length of its network prefix (0–32).
struct InterfaceAddress {
  Ipv4Address address;
  unsigned prefix_length = 24;

  constexpr std::uint32_t mask() const {
    return prefix_length == 0 ? 0 : 0xffffffffU << (32 - prefix_length);
  }
  constexpr bool on_link(Ipv4Address other) const {
    return ((address.value ^ other.value) & mask()) == 0;
  }
  constexpr Ipv4Address directed_broadcast() const { return {address.value | ~mask()}; }
  friend constexpr auto operator<=>(const InterfaceAddress&, const InterfaceAddress&) = default;
};

/// The prefix length of a contiguous netmask; anything else is an error (RFC 1812 2.2.5.2).
Expected<unsigned> prefix_length_of(Ipv4Address netmask);

}  // namespace provlab
