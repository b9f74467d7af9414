#include "sim/lab/capture/phone_traffic.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/platform/checksum.hpp"
#include "sim/world/octets.hpp"

namespace provlab::lab {

namespace {

/// Over what does not change on the way.
std::uint64_t mark_of(const SeenDatagram& datagram) {
  std::uint64_t sum = checksum_of(text_of(datagram.payload));
  for (const std::uint64_t value :
       {std::uint64_t{datagram.from.value}, std::uint64_t{datagram.to.value},
        std::uint64_t{datagram.identification}, static_cast<std::uint64_t>(datagram.protocol),
        std::uint64_t{datagram.offset}, std::uint64_t{datagram.whole}}) {
    sum = checksum_of(value, sum);
  }
  return sum;
}

}  // namespace

bool PhoneFilter::concerns_phone(const SeenDatagram& datagram) const {
  if (datagram.source == phone_.mac || datagram.destination == phone_.mac) return true;
  if (phone_.addresses.contains(datagram.from) || phone_.addresses.contains(datagram.to)) {
    return true;
  }
  const auto ports = ports_of(datagram);
  if (!ports || datagram.protocol != world::IpProtocol::udp) return false;
  if (ports->to != 67 && ports->to != 68) return false;
  const auto parties = dhcp_parties(carried_by(datagram));
  return parties && parties->client == phone_.mac;
}

bool PhoneFilter::may_concern_phone(const SeenDatagram& datagram) const {
  return datagram.fragment() && (phone_.addresses.empty() || !datagram.to.is_unicast());
}

bool PhoneFilter::is_by_phone(const SeenDatagram& datagram) const {
  if (datagram.source == phone_.mac) return true;
  if (phone_.addresses.contains(datagram.from)) return true;
  if (!datagram.from.is_any()) return false;
  const auto parties = dhcp_parties(carried_by(datagram));
  return parties && parties->by_client;
}

bool PhoneFilter::was_shown(const CapturedFrame& frame, const SeenDatagram& datagram) {
  while (!shown_.empty() && shown_.front().time + kMirrorTime < frame.time) shown_.pop_front();
  const std::uint64_t mark = mark_of(datagram);
  const bool again = std::ranges::any_of(shown_, [&](const Shown& each) {
    return each.mark == mark && std::abs(each.time - frame.time) <= kMirrorTime;
  });
  constexpr std::size_t kMostShown = 1024;
  if (shown_.size() == kMostShown) shown_.pop_front();
  shown_.push_back({frame.time, mark});
  return again;
}

void PhoneFilter::look_at(const CapturedFrame& frame, const SeenDatagram& datagram) {
  if (datagram.protocol != world::IpProtocol::udp && datagram.protocol != world::IpProtocol::tcp)
    return;
  if (!concerns_phone(datagram) && !may_concern_phone(datagram)) return;
  if (was_shown(frame, datagram)) {
    ++traffic_.duplicates;
    return;
  }
  if (frame.time < latest_) ++traffic_.disordered;
  latest_ = std::max(latest_, frame.time);
  if (frame.octets.size() < frame.whole) ++traffic_.cut;
  if (octets_ + datagram.payload.size() > kMostTrafficOctets) {
    ++traffic_.left_out;
    return;
  }
  if (datagram.fragment()) return take_fragment(frame, datagram);
  add(frame, datagram);
}

void PhoneFilter::take_fragment(const CapturedFrame& frame, const SeenDatagram& datagram) {
  if (datagram.payload.size() < datagram.whole) return;
  const world::IpDatagram piece{.from = datagram.from,
                                .to = datagram.to,
                                .protocol = datagram.protocol,
                                .ttl = datagram.ttl,
                                .identification = datagram.identification,
                                .may_fragment = true,
                                .more = datagram.more,
                                .offset = datagram.offset,
                                .payload = Bytes(datagram.payload.begin(), datagram.payload.end())};
  const auto whole = reassembly_.take(piece, Instant(Duration(frame.time)), faults_);
  if (!whole || !*whole) return;
  SeenDatagram joined = datagram;
  joined.more = false;
  joined.offset = 0;
  joined.payload = (*whole)->payload;
  joined.whole = joined.payload.size();
  if (concerns_phone(joined)) add(frame, joined);
}

void PhoneFilter::add(const CapturedFrame& frame, const SeenDatagram& datagram) {
  const auto ports = ports_of(datagram);
  const bool tcp = datagram.protocol == world::IpProtocol::tcp;
  if (!ports || datagram.payload.size() < (tcp ? 20U : 8U)) return;
  const BytesView carried = carried_by(datagram);
  const std::size_t header = tcp ? (datagram.payload[12] >> 4) * std::size_t{4} : 8;
  SeenPacket packet{.time = frame.time,
                    .frame = frame.number,
                    .by_phone = is_by_phone(datagram),
                    .protocol = tcp ? world::Protocol::tcp : world::Protocol::udp,
                    .source = datagram.source,
                    .from = {datagram.from, ports->from},
                    .to = {datagram.to, ports->to},
                    .ttl = datagram.ttl,
                    .identification = datagram.identification,
                    .flags = {},
                    .payload = std::string(text_of(carried)),
                    .whole = datagram.whole - std::min(datagram.whole, header)};
  if (tcp) {
    const std::uint8_t bits = datagram.payload[13];
    packet.flags = {.syn = (bits & 2) != 0,
                    .ack = (bits & 16) != 0,
                    .fin = (bits & 1) != 0,
                    .rst = (bits & 4) != 0,
                    .psh = (bits & 8) != 0};
    packet.sequence = world::get32(datagram.payload, 4);
    packet.acknowledgement = world::get32(datagram.payload, 8);
  } else {
    const std::size_t said = world::get16(datagram.payload, 4);
    if (said >= header) packet.whole = std::min(packet.whole, said - header);
  }
  octets_ += packet.payload.size() + sizeof(SeenPacket);
  traffic_.packets.push_back(std::move(packet));
}

PhoneTraffic PhoneFilter::take() {
  std::ranges::stable_sort(traffic_.packets, {}, &SeenPacket::time);
  return std::move(traffic_);
}

PhonesInFile find_phones(CaptureReader& reader) {
  PhonesInFile found;
  PhoneSpotter spotter;
  CapturedFrame frame;
  std::optional<int> other_link;
  while (reader.next(frame)) {
    ++found.frames;
    if (!is_known_link(frame.link)) other_link = frame.link;
    if (const auto datagram = look_through(frame)) spotter.look_at(*datagram);
  }
  found.phones = spotter.phones();
  found.trouble = reader.trouble();
  if (found.trouble.empty() && other_link) {
    found.trouble = fmt::format(
        "frames of link type {} are not read (those of Ethernet, Linux cooked captures, loopback "
        "and raw IP are)",
        *other_link);
  }
  return found;
}

PhoneTraffic traffic_of(CaptureReader& reader, const SeenPhone& phone) {
  PhoneFilter filter(phone);
  CapturedFrame frame;
  std::size_t frames = 0;
  while (reader.next(frame)) {
    ++frames;
    if (const auto datagram = look_through(frame)) filter.look_at(frame, *datagram);
  }
  PhoneTraffic traffic = filter.take();
  traffic.frames = frames;
  traffic.trouble = reader.trouble();
  traffic.secrets = reader.secrets();
  return traffic;
}

}  // namespace provlab::lab
