#pragma once
#include <string>

#include "core/platform/host.hpp"
#include "sim/world/frame_writer.hpp"
#include "sim/world/packet.hpp"

/// Captures made for tests, octet by octet.
namespace provlab::lab {

inline const MacAddress kPhoneMac{{0x00, 0x09, 0x52, 0x00, 0x00, 0x0e}};
inline const MacAddress kServerMac{{0x02, 0, 0, 0, 0, 1}};
inline const Ipv4Address kPhoneAddress = Ipv4Address::of(192, 0, 2, 100);
inline const Ipv4Address kServerAddress = Ipv4Address::of(192, 0, 2, 1);

inline void add_number(std::string& out, std::uint64_t value, int octets, bool little = true) {
  for (int i = 0; i < octets; ++i) {
    out += static_cast<char>(value >> 8 * (little ? i : octets - 1 - i));
  }
}

/// A pcap of microseconds or, with `nano`, nanoseconds.
inline std::string pcap_head(int link = 1, bool nano = false, bool little = true) {
  std::string out;
  add_number(out, nano ? 0xa1b23c4d : 0xa1b2c3d4, 4, little);
  add_number(out, 2, 2, little);
  add_number(out, 4, 2, little);
  add_number(out, 0, 8, little);
  add_number(out, 262144, 4, little);
  add_number(out, static_cast<std::uint64_t>(link), 4, little);
  return out;
}

inline std::string pcap_frame(std::string_view octets, std::uint64_t seconds,
                              std::uint64_t fraction, std::size_t whole = 0, bool little = true) {
  std::string out;
  add_number(out, seconds, 4, little);
  add_number(out, fraction, 4, little);
  add_number(out, octets.size(), 4, little);
  add_number(out, whole == 0 ? octets.size() : whole, 4, little);
  return out + std::string(octets);
}

inline std::string pcapng_block(std::uint32_t type, std::string body, bool little = true) {
  while (body.size() % 4 != 0) body += '\0';
  std::string out;
  add_number(out, type, 4, little);
  add_number(out, body.size() + 12, 4, little);
  out += body;
  add_number(out, body.size() + 12, 4, little);
  return out;
}

inline std::string pcapng_section(bool little = true) {
  std::string body;
  add_number(body, 0x1a2b3c4d, 4, little);
  add_number(body, 1, 2, little);
  add_number(body, 0, 2, little);
  add_number(body, UINT64_MAX, 8, little);
  return pcapng_block(0x0a0d0d0a, body, little);
}

inline std::string pcapng_interface(int link, std::string_view options = {}, bool little = true) {
  std::string body;
  add_number(body, static_cast<std::uint64_t>(link), 2, little);
  add_number(body, 0, 6, little);
  return pcapng_block(1, body + std::string(options), little);
}

inline std::string pcapng_packet(std::uint32_t interface, std::uint64_t stamp,
                                 std::string_view octets, bool little = true) {
  std::string body;
  add_number(body, interface, 4, little);
  add_number(body, stamp >> 32, 4, little);
  add_number(body, stamp & 0xffffffff, 4, little);
  add_number(body, octets.size(), 4, little);
  add_number(body, octets.size(), 4, little);
  return pcapng_block(6, body + std::string(octets), little);
}

/// What the phone sends to the server or, with `back`, the server to the phone.
inline world::Packet packet_of(world::Protocol protocol, std::string_view payload,
                               bool back = false) {
  world::Packet packet;
  packet.protocol = protocol;
  packet.source = back ? kServerMac : kPhoneMac;
  packet.destination = back ? kPhoneMac : kServerMac;
  packet.from = {back ? kServerAddress : kPhoneAddress, Port(back ? 80 : 40000)};
  packet.to = {back ? kPhoneAddress : kServerAddress, Port(back ? 40000 : 80)};
  packet.payload.assign(payload.begin(), payload.end());
  return packet;
}

/// Its frame, with the Ethernet header.
inline std::string frame_of(const world::Packet& packet, std::uint16_t identification = 1) {
  const auto frames = world::write_frames(packet.destination, packet.source,
                                          world::datagram_of(packet, identification));
  return std::string(text_of(frames.front()));
}

inline std::string udp_frame(std::string_view payload, std::uint16_t identification = 1) {
  return frame_of(packet_of(world::Protocol::udp, payload), identification);
}

}  // namespace provlab::lab
