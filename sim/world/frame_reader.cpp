#include "sim/world/frame_reader.hpp"

#include "sim/world/octets.hpp"

namespace provlab::world {

namespace {

constexpr std::size_t kEthernetHeader = 14;
constexpr std::size_t kLeastIpHeader = 20;
constexpr std::uint16_t kTypeOfTag = 0x8100;

using Fault = FrameFault;
using Refused = std::unexpected<FrameFault>;

FrameRead<ArpMessage> read_arp(BytesView data) {
  constexpr std::size_t kLength = 28;
  if (data.size() < kLength) return Refused(Fault::arp_malformed);
  if (get16(data, 0) != 1 || get16(data, 2) != kTypeOfIp) return Refused(Fault::arp_foreign);
  if (get16(data, 4) != 0x0604) return Refused(Fault::arp_malformed);
  const std::uint16_t operation = get16(data, 6);
  if (operation != 1 && operation != 2) return Refused(Fault::arp_foreign);
  const ArpMessage arp{.reply = operation == 2,
                       .sender_mac = get_mac(data, 8),
                       .sender = {get32(data, 14)},
                       .target_mac = get_mac(data, 18),
                       .target = {get32(data, 24)}};
  if (arp.sender_mac.is_group()) return Refused(Fault::arp_malformed);
  return arp;
}

/// RFC 1122 3.2.1.3: neither groups nor loopback send; "any" does before it has an address.
bool can_send(Ipv4Address sender) {
  return sender.is_unicast() || sender.is_any();
}

bool has_router_alert(BytesView options) {
  for (std::size_t at = 0; at < options.size();) {
    const std::uint8_t kind = options[at];
    if (kind == 0) return false;
    if (kind == 1) {
      ++at;
      continue;
    }
    if (kind == 0x94) return true;
    if (at + 1 >= options.size() || options[at + 1] < 2) return false;
    at += options[at + 1];
  }
  return false;
}

bool is_spoken(std::uint8_t protocol) {
  switch (static_cast<IpProtocol>(protocol)) {
    case IpProtocol::icmp:
    case IpProtocol::igmp:
    case IpProtocol::tcp:
    case IpProtocol::udp:
      return true;
  }
  return false;
}

FrameRead<IpDatagram> read_ip(BytesView data) {
  if (data.size() < kLeastIpHeader) return Refused(Fault::ip_length);
  if (data[0] >> 4 != 4) return Refused(Fault::ip_version);
  const std::size_t header = (data[0] & 15) * std::size_t{4};
  if (header < kLeastIpHeader || header > data.size()) return Refused(Fault::ip_header_length);
  const std::size_t length = get16(data, 2);
  if (length < header || length > data.size()) return Refused(Fault::ip_length);
  if (ones_sum(data.first(header)) != 0xffff) return Refused(Fault::ip_checksum);
  if (!is_spoken(data[9])) return Refused(Fault::foreign_protocol);
  const std::uint16_t fragment = get16(data, 6);
  IpDatagram ip{
      .from = {get32(data, 12)},
      .to = {get32(data, 16)},
      .protocol = static_cast<IpProtocol>(data[9]),
      .ttl = data[8],
      .identification = get16(data, 4),
      .may_fragment = (fragment & 0x4000) == 0,
      .router_alert = has_router_alert(data.subspan(kLeastIpHeader, header - kLeastIpHeader)),
      .more = (fragment & 0x2000) != 0,
      .offset = (fragment & 0x1fff) * std::size_t{8},
      .payload = {}};
  if (!can_send(ip.from)) return Refused(Fault::ip_source);
  const BytesView payload = data.subspan(header, length - header);
  ip.payload.assign(payload.begin(), payload.end());
  return ip;
}

enum class Sum { right, absent, wrong };

/// Of UDP and TCP. Where an interface is to reckon it, its sender has put the pseudo header's sum
/// into the field: over veth, and with segments joined, this is what arrives.
Sum judge_sum(const IpDatagram& ip, BytesView data, std::size_t field) {
  const std::uint32_t pseudo = pseudo_header_sum(ip, data.size());
  if (ones_sum(data, pseudo) == 0xffff) return Sum::right;
  return get16(data, field) == ones_sum({}, pseudo) ? Sum::absent : Sum::wrong;
}

FrameRead<Message> read_udp(const IpDatagram& ip) {
  constexpr std::size_t kHeader = 8;
  if (ip.payload.size() < kHeader) return Refused(Fault::udp_length);
  const std::size_t length = get16(ip.payload, 4);
  if (length < kHeader || length > ip.payload.size()) return Refused(Fault::udp_length);
  const BytesView data = BytesView(ip.payload).first(length);
  const bool none = get16(data, 6) == 0;  // RFC 768
  if (!none && judge_sum(ip, data, 6) == Sum::wrong) return Refused(Fault::udp_checksum);
  Packet packet;
  packet.protocol = Protocol::udp;
  packet.payload.assign(data.begin() + kHeader, data.end());
  return packet;
}

/// What makes no sense is skipped, as RFC 9293 3.2 wants it: options of a SYN in another segment,
/// lengths that are not those of the kind.
TcpOptions read_tcp_options(BytesView data, bool syn) {
  TcpOptions options;
  for (std::size_t at = 0; at < data.size() && data[at] != 0;) {
    if (data[at] == 1) {
      ++at;
      continue;
    }
    if (at + 1 >= data.size()) break;
    const std::size_t length = data[at + 1];
    if (length < 2 || at + length > data.size()) break;
    const BytesView value = data.subspan(at + 2, length - 2);
    const std::uint8_t kind = data[at];
    if (kind == 2 && length == 4 && syn) options.largest_segment = get16(value, 0);
    if (kind == 3 && length == 3 && syn) options.window_shift = value[0];
    if (kind == 4 && length == 2 && syn) options.selective = true;
    if (kind == 8 && length == 10) {
      options.timestamps = TcpOptions::Timestamps{get32(value, 0), get32(value, 4)};
    }
    if (kind == 5 && value.size() % 8 == 0) {
      options.ranges.clear();
      for (std::size_t i = 0; i < value.size(); i += 8) {
        options.ranges.push_back({get32(value, i), get32(value, i + 4)});
      }
    }
    at += length;
  }
  return options;
}

FrameRead<Message> read_tcp(const IpDatagram& ip) {
  constexpr std::size_t kHeader = 20;
  const BytesView data = ip.payload;
  if (data.size() < kHeader) return Refused(Fault::tcp_length);
  const std::size_t header = (data[12] >> 4) * std::size_t{4};
  if (header < kHeader || header > data.size()) return Refused(Fault::tcp_length);
  if (judge_sum(ip, data, 16) == Sum::wrong) return Refused(Fault::tcp_checksum);
  const std::uint8_t bits = data[13];
  Packet packet;
  packet.protocol = Protocol::tcp;
  packet.sequence = get32(data, 4);
  packet.acknowledgement = get32(data, 8);
  packet.window = get16(data, 14);
  packet.flags = {.syn = (bits & 2) != 0,
                  .ack = (bits & 16) != 0,
                  .fin = (bits & 1) != 0,
                  .rst = (bits & 4) != 0,
                  .psh = (bits & 8) != 0};
  packet.options = read_tcp_options(data.subspan(kHeader, header - kHeader), packet.flags.syn);
  packet.payload.assign(data.begin() + static_cast<std::ptrdiff_t>(header), data.end());
  return packet;
}

FrameRead<Message> read_icmp(const IpDatagram& ip) {
  constexpr std::size_t kHeader = 8;
  const BytesView data = ip.payload;
  if (data.size() < kHeader) return Refused(Fault::icmp_length);
  if (ones_sum(data) != 0xffff) return Refused(Fault::icmp_checksum);
  IcmpMessage message{.type = data[0], .code = data[1], .rest = get32(data, 4), .body = {}};
  message.body.assign(data.begin() + kHeader, data.end());
  return message;
}

/// Queries of version 3 are longer than those of version 2 and begin alike (RFC 3376 7.1).
FrameRead<Message> read_igmp(const IpDatagram& ip) {
  constexpr std::size_t kLength = 8;
  const BytesView data = ip.payload;
  if (data.size() < kLength) return Refused(Fault::igmp_length);
  if (ones_sum(data) != 0xffff) return Refused(Fault::igmp_checksum);
  return IgmpMessage{.type = data[0], .most_delay = data[1], .group = {get32(data, 4)}};
}

}  // namespace

FrameRead<EthernetFrame> read_frame(BytesView octets) {
  if (octets.size() < kEthernetHeader) return Refused(Fault::too_short);
  EthernetFrame frame{
      .destination = get_mac(octets, 0), .source = get_mac(octets, 6), .content = {}};
  if (frame.source.is_group()) return Refused(Fault::source_is_a_group);
  std::uint16_t type = get16(octets, 12);
  BytesView content = octets.subspan(kEthernetHeader);
  if (type == kTypeOfTag) {
    if (content.size() < 4) return Refused(Fault::too_short);
    frame.vlan = get16(content, 0) & 0xfff;
    type = get16(content, 2);
    content = content.subspan(4);
  }
  if (type == kTypeOfArp) {
    auto arp = read_arp(content);
    if (!arp) return Refused(arp.error());
    frame.content = *arp;
    return frame;
  }
  if (type != kTypeOfIp) return Refused(Fault::foreign_type);
  auto ip = read_ip(content);
  if (!ip) return Refused(ip.error());
  frame.content = std::move(*ip);
  return frame;
}

FrameRead<Message> read_message(const IpDatagram& datagram) {
  FrameRead<Message> message = Refused(Fault::foreign_protocol);
  switch (datagram.protocol) {
    case IpProtocol::udp:
      message = read_udp(datagram);
      break;
    case IpProtocol::tcp:
      message = read_tcp(datagram);
      break;
    case IpProtocol::icmp:
      return read_icmp(datagram);
    case IpProtocol::igmp:
      return read_igmp(datagram);
  }
  if (!message) return message;
  Packet& packet = std::get<Packet>(*message);
  packet.ttl = datagram.ttl;
  packet.from = {datagram.from, get16(datagram.payload, 0)};
  packet.to = {datagram.to, get16(datagram.payload, 2)};
  return message;
}

}  // namespace provlab::world
