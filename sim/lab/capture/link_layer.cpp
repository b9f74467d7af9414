#include "sim/lab/capture/link_layer.hpp"

#include <algorithm>
#include <array>

#include "sim/world/octets.hpp"

namespace provlab::lab {

namespace {

using world::get16;
using world::get32;
using world::get_mac;

constexpr std::size_t kUdpHeader = 8;
constexpr std::size_t kTcpHeader = 20;

bool is_tag(std::uint16_t type) {
  return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

/// What stands behind the type of a frame: tags are stepped over, and PPP of PPPoE sessions.
std::optional<BytesView> behind_type(std::uint16_t type, BytesView rest, SeenDatagram& seen) {
  for (int tags = 0; is_tag(type) && tags < 4; ++tags) {
    if (rest.size() < 4) return std::nullopt;
    seen.vlan = get16(rest, 0) & 0xfff;
    type = get16(rest, 2);
    rest = rest.subspan(4);
  }
  constexpr std::uint16_t kPppoeSession = 0x8864;
  constexpr std::uint16_t kPppIp = 0x0021;
  if (type == kPppoeSession && rest.size() > 8 && get16(rest, 6) == kPppIp) return rest.subspan(8);
  if (type != world::kTypeOfIp) return std::nullopt;
  return rest;
}

std::optional<BytesView> behind_ethernet(BytesView octets, SeenDatagram& seen) {
  constexpr std::size_t kHeader = 14;
  if (octets.size() < kHeader) return std::nullopt;
  seen.destination = get_mac(octets, 0);
  seen.source = get_mac(octets, 6);
  return behind_type(get16(octets, 12), octets.subspan(kHeader), seen);
}

/// A cooked frame names its sender only.
std::optional<BytesView> behind_cooked(BytesView octets, SeenDatagram& seen, bool second) {
  const std::size_t header = second ? 20 : 16;
  if (octets.size() < header) return std::nullopt;
  constexpr std::size_t kMacOctets = 6;
  const bool named = second ? octets[11] == kMacOctets : get16(octets, 4) == kMacOctets;
  if (named) seen.source = get_mac(octets, second ? 12 : 6);
  return behind_type(get16(octets, second ? 0 : 14), octets.subspan(header), seen);
}

std::optional<BytesView> behind_link(const CapturedFrame& frame, SeenDatagram& seen) {
  const BytesView octets = frame.octets;
  switch (frame.link) {
    case kLinkEthernet:
      return behind_ethernet(octets, seen);
    case kLinkCooked:
      return behind_cooked(octets, seen, false);
    case kLinkCooked2:
      return behind_cooked(octets, seen, true);
    case kLinkRawIp:
    case kLinkIpv4:
      return octets;
    case kLinkNull:
    case kLinkLoop:
      if (octets.size() < 4) return std::nullopt;
      return octets.subspan(4);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<SeenDatagram> look_through(const CapturedFrame& frame) {
  SeenDatagram seen;
  const auto behind = behind_link(frame, seen);
  constexpr std::size_t kLeastHeader = 20;
  if (!behind || behind->size() < kLeastHeader || (*behind)[0] >> 4 != 4) return std::nullopt;
  const BytesView ip = *behind;
  const std::size_t header = (ip[0] & 15) * std::size_t{4};
  if (header < kLeastHeader || header > ip.size()) return std::nullopt;
  const std::size_t said = get16(ip, 2);
  const std::size_t outside = frame.octets.size() - ip.size();
  const std::size_t on_wire = frame.whole - std::min(frame.whole, outside);
  // A sender's own capture has frames that its interface was to cut up: they say 0.
  const std::size_t length = said == 0 ? on_wire : said;
  if (length < header) return std::nullopt;
  const std::uint16_t fragment = get16(ip, 6);
  seen.from = {get32(ip, 12)};
  seen.to = {get32(ip, 16)};
  seen.protocol = static_cast<world::IpProtocol>(ip[9]);
  seen.ttl = ip[8];
  seen.identification = get16(ip, 4);
  seen.more = (fragment & 0x2000) != 0;
  seen.offset = (fragment & 0x1fff) * std::size_t{8};
  seen.whole = length - header;
  seen.payload = ip.subspan(header, std::min(ip.size(), length) - header);
  return seen;
}

bool is_known_link(int link) {
  static constexpr std::array kKnown{kLinkNull,   kLinkEthernet, kLinkRawIp,  kLinkLoop,
                                     kLinkCooked, kLinkIpv4,     kLinkCooked2};
  return std::ranges::find(kKnown, link) != kKnown.end();
}

std::optional<SeenPorts> ports_of(const SeenDatagram& datagram) {
  const bool known =
      datagram.protocol == world::IpProtocol::udp || datagram.protocol == world::IpProtocol::tcp;
  if (!known || datagram.offset != 0 || datagram.payload.size() < 4) return std::nullopt;
  return SeenPorts{get16(datagram.payload, 0), get16(datagram.payload, 2)};
}

BytesView carried_by(const SeenDatagram& datagram) {
  const BytesView payload = datagram.payload;
  if (datagram.protocol == world::IpProtocol::udp) {
    if (payload.size() < kUdpHeader) return {};
    const std::size_t length = std::max<std::size_t>(get16(payload, 4), kUdpHeader);
    return payload.first(std::min(length, payload.size())).subspan(kUdpHeader);
  }
  if (payload.size() < kTcpHeader) return {};
  const std::size_t header = (payload[12] >> 4) * std::size_t{4};
  if (header < kTcpHeader || header > payload.size()) return {};
  return payload.subspan(header);
}

}  // namespace provlab::lab
