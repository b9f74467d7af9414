#pragma once
#include <cstdint>

#include "sim/world/frame.hpp"

namespace provlab::world {

// Octets in network byte order, for the headers of frames. Whoever reads has seen that they are
// there.

inline std::uint16_t get16(BytesView data, std::size_t at) {
  return static_cast<std::uint16_t>(data[at] << 8 | data[at + 1]);
}

inline std::uint32_t get32(BytesView data, std::size_t at) {
  return static_cast<std::uint32_t>(get16(data, at)) << 16 | get16(data, at + 2);
}

inline MacAddress get_mac(BytesView data, std::size_t at) {
  MacAddress mac;
  for (std::size_t i = 0; i < mac.octets.size(); ++i) mac.octets[i] = data[at + i];
  return mac;
}

inline void put16(Bytes& out, std::uint32_t value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value));
}

inline void put32(Bytes& out, std::uint32_t value) {
  put16(out, value >> 16);
  put16(out, value & 0xffff);
}

inline void put_mac(Bytes& out, const MacAddress& mac) {
  out.insert(out.end(), mac.octets.begin(), mac.octets.end());
}

inline void set16(Bytes& out, std::size_t at, std::uint32_t value) {
  out[at] = static_cast<std::uint8_t>(value >> 8);
  out[at + 1] = static_cast<std::uint8_t>(value);
}

/// The one's complement sum of RFC 1071 over `data`, started with `sum`; folded, not inverted.
inline std::uint16_t ones_sum(BytesView data, std::uint32_t sum = 0) {
  std::uint64_t total = sum;
  std::size_t i = 0;
  for (; i + 1 < data.size(); i += 2) total += get16(data, i);
  if (i < data.size()) total += static_cast<std::uint64_t>(data[i]) << 8;
  while (total >> 16 != 0) total = (total & 0xffff) + (total >> 16);
  return static_cast<std::uint16_t>(total);
}

/// What stands in a header's checksum field for `data`, in which that field is zero.
inline std::uint16_t checksum_of(BytesView data, std::uint32_t sum = 0) {
  return static_cast<std::uint16_t>(~ones_sum(data, sum));
}

// What Ethernet says that a frame holds.
inline constexpr std::uint16_t kTypeOfIp = 0x0800;
inline constexpr std::uint16_t kTypeOfArp = 0x0806;

/// Of the pseudo header of UDP and TCP (RFC 768, RFC 9293 3.1), with `length` octets behind it; to
/// start a sum with.
inline std::uint32_t pseudo_header_sum(const IpDatagram& ip, std::size_t length) {
  const auto halves = [](Ipv4Address a) { return (a.value >> 16) + (a.value & 0xffff); };
  return halves(ip.from) + halves(ip.to) + static_cast<std::uint32_t>(ip.protocol) +
         static_cast<std::uint32_t>(length);
}

}  // namespace provlab::world
