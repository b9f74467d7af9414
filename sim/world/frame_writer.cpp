#include "sim/world/frame_writer.hpp"

#include <algorithm>

#include "sim/world/octets.hpp"

namespace provlab::world {

namespace {

constexpr std::size_t kIpHeader = 20;
constexpr std::size_t kRouterAlert = 4;
constexpr std::size_t kLeastFrame = 60;
constexpr Ipv4Address kAllRouters = Ipv4Address::of(224, 0, 0, 2);

void put_ethernet(Bytes& out, const MacAddress& destination, const MacAddress& source,
                  std::uint16_t type) {
  put_mac(out, destination);
  put_mac(out, source);
  put16(out, type);
}

void put_udp(Bytes& out, const Packet& packet) {
  put16(out, packet.from.port);
  put16(out, packet.to.port);
  put16(out, static_cast<std::uint32_t>(8 + packet.payload.size()));
  put16(out, 0);
  out.insert(out.end(), packet.payload.begin(), packet.payload.end());
}

/// In the order in which Linux puts them; each kind is filled up to whole words.
Bytes tcp_options(const TcpOptions& options) {
  Bytes out;
  if (options.largest_segment) {
    put16(out, 0x0204);
    put16(out, *options.largest_segment);
  }
  if (options.timestamps) {
    put32(out, options.selective ? 0x0402080aU : 0x0101080aU);
    put32(out, options.timestamps->value);
    put32(out, options.timestamps->echo);
  } else if (options.selective) {
    put32(out, 0x01010402U);
  }
  if (options.window_shift) put32(out, 0x01030300U | *options.window_shift);
  const std::size_t room = (40 - out.size() - 4) / 8;
  if (const std::size_t count = std::min(options.ranges.size(), room); count > 0) {
    put32(out, static_cast<std::uint32_t>(0x01010502U + 8 * count));
    for (std::size_t i = 0; i < count; ++i) {
      put32(out, options.ranges[i].first);
      put32(out, options.ranges[i].end);
    }
  }
  return out;
}

void put_tcp(Bytes& out, const Packet& packet) {
  const Bytes options = tcp_options(packet.options);
  const TcpFlags& f = packet.flags;
  put16(out, packet.from.port);
  put16(out, packet.to.port);
  put32(out, packet.sequence);
  put32(out, packet.acknowledgement);
  const unsigned flags = (f.fin ? 1U : 0U) | (f.syn ? 2U : 0U) | (f.rst ? 4U : 0U) |
                         (f.psh ? 8U : 0U) | (f.ack ? 16U : 0U);
  put16(out, static_cast<std::uint32_t>((20 + options.size()) / 4) << 12 | flags);
  put16(out, packet.window);
  put16(out, 0);
  put16(out, 0);
  out.insert(out.end(), options.begin(), options.end());
  out.insert(out.end(), packet.payload.begin(), packet.payload.end());
}

void put_ip_header(Bytes& out, const IpDatagram& ip) {
  const std::size_t start = out.size();
  const std::size_t header = kIpHeader + (ip.router_alert ? kRouterAlert : 0);
  put16(out, static_cast<std::uint32_t>(0x4000 | header / 4 << 8));
  put16(out, static_cast<std::uint32_t>(header + ip.payload.size()));
  put16(out, ip.identification);
  const std::uint32_t flags = ip.may_fragment ? 0 : 0x4000;
  put16(out, flags | (ip.more ? 0x2000U : 0U) | static_cast<std::uint32_t>(ip.offset / 8));
  out.push_back(ip.ttl);
  out.push_back(static_cast<std::uint8_t>(ip.protocol));
  put16(out, 0);
  put32(out, ip.from.value);
  put32(out, ip.to.value);
  if (ip.router_alert) put32(out, 0x94040000U);
  set16(out, start + 10, checksum_of(BytesView(out).subspan(start)));
}

}  // namespace

IpDatagram datagram_of(const Packet& packet, std::uint16_t identification) {
  const bool udp = packet.protocol == Protocol::udp;
  IpDatagram ip{.from = packet.from.address,
                .to = packet.to.address,
                .protocol = udp ? IpProtocol::udp : IpProtocol::tcp,
                .ttl = packet.ttl,
                .identification = identification,
                .payload = {}};
  ip.payload.reserve(packet.payload.size() + 60);
  if (udp) {
    put_udp(ip.payload, packet);
    // Linux too sets "do not fragment" but where it must be cut at once.
    ip.may_fragment = kIpHeader + ip.payload.size() > kEthernetMtu;
  } else {
    put_tcp(ip.payload, packet);
  }
  const std::uint16_t sum = checksum_of(ip.payload, pseudo_header_sum(ip, ip.payload.size()));
  set16(ip.payload, udp ? 6 : 16, udp && sum == 0 ? 0xffff : sum);
  return ip;
}

IpDatagram datagram_of(Ipv4Address from, Ipv4Address to, const IcmpMessage& message) {
  IpDatagram ip{
      .from = from, .to = to, .protocol = IpProtocol::icmp, .may_fragment = true, .payload = {}};
  ip.payload.push_back(message.type);
  ip.payload.push_back(message.code);
  put16(ip.payload, 0);
  put32(ip.payload, message.rest);
  ip.payload.insert(ip.payload.end(), message.body.begin(), message.body.end());
  set16(ip.payload, 2, checksum_of(ip.payload));
  return ip;
}

IpDatagram datagram_of(Ipv4Address from, const IgmpMessage& message) {
  IpDatagram ip{.from = from,
                .to = message.type == IgmpMessage::kLeave ? kAllRouters : message.group,
                .protocol = IpProtocol::igmp,
                .ttl = 1,
                .router_alert = true,
                .payload = {}};
  ip.payload.push_back(message.type);
  ip.payload.push_back(message.most_delay);
  put16(ip.payload, 0);
  put32(ip.payload, message.group.value);
  set16(ip.payload, 2, checksum_of(ip.payload));
  return ip;
}

Bytes write_frame(const MacAddress& destination, const MacAddress& source, const IpDatagram& ip) {
  Bytes out;
  out.reserve(kLeastFrame + ip.payload.size());
  put_ethernet(out, destination, source, kTypeOfIp);
  put_ip_header(out, ip);
  out.insert(out.end(), ip.payload.begin(), ip.payload.end());
  if (out.size() < kLeastFrame) out.resize(kLeastFrame);
  return out;
}

Bytes write_frame(const MacAddress& destination, const MacAddress& source, const ArpMessage& arp) {
  Bytes out;
  out.reserve(kLeastFrame);
  put_ethernet(out, destination, source, kTypeOfArp);
  put16(out, 1);  // Ethernet
  put16(out, kTypeOfIp);
  put16(out, 0x0604);  // lengths of both addresses
  put16(out, arp.reply ? 2 : 1);
  put_mac(out, arp.sender_mac);
  put32(out, arp.sender.value);
  put_mac(out, arp.target_mac);
  put32(out, arp.target.value);
  out.resize(kLeastFrame);
  return out;
}

std::vector<Bytes> write_frames(const MacAddress& destination, const MacAddress& source,
                                IpDatagram datagram, std::size_t mtu) {
  std::vector<Bytes> frames;
  const std::size_t header = kIpHeader + (datagram.router_alert ? kRouterAlert : 0);
  if (header + datagram.payload.size() <= mtu || !datagram.may_fragment) {
    frames.push_back(write_frame(destination, source, datagram));
    return frames;
  }
  const std::size_t step = (mtu - header) / 8 * 8;
  const Bytes whole = std::exchange(datagram.payload, {});
  for (std::size_t at = 0; at < whole.size(); at += step) {
    const std::size_t length = std::min(step, whole.size() - at);
    const BytesView piece = BytesView(whole).subspan(at, length);
    datagram.payload.assign(piece.begin(), piece.end());
    datagram.offset = at;
    datagram.more = at + length < whole.size();
    frames.push_back(write_frame(destination, source, datagram));
  }
  return frames;
}

}  // namespace provlab::world
