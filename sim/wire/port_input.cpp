#include <algorithm>

#include "sim/wire/events.hpp"
#include "sim/wire/port.hpp"
#include "sim/world/frame_reader.hpp"
#include "sim/world/frame_writer.hpp"
#include "sim/world/octets.hpp"

namespace provlab::wire {

using world::ArpMessage;
using world::EthernetFrame;
using world::IcmpMessage;
using world::IpDatagram;
using world::Station;

namespace {

constexpr std::size_t kMostEchoes = 1024;  ///< answers on their way

/// The beginning of a datagram as ICMP errors quote it: header and eight octets behind it.
Bytes quotation_of(const world::Packet& packet) {
  constexpr std::size_t kEthernet = 14;
  constexpr std::size_t kQuoted = 28;
  const Bytes frame = world::write_frame({}, {}, world::datagram_of(packet, 0));
  return {frame.begin() + kEthernet, frame.begin() + kEthernet + kQuoted};
}

}  // namespace

Expected<std::size_t> Port::take_frames(std::size_t most) {
  return link_->receive(most, [this](BytesView octets) { take(octets); });
}

void Port::take(BytesView octets) {
  ++counts_.received;
  world_.trace().set_cause(0);
  const auto frame = world::read_frame(octets);
  if (!frame) return counts_.faults.add(frame.error());
  if (station_with(frame->source) != nullptr) {
    ++counts_.own;
    return;
  }
  const bool tagged = frame->vlan && *frame->vlan != 0;
  const bool for_us =
      frame->destination.is_group() || interest_.stations.contains(frame->destination);
  if (tagged || !for_us) {
    ++counts_.foreign;
    return;
  }
  if (const auto* arp = std::get_if<ArpMessage>(&frame->content)) return take_arp(*frame, *arp);
  take_ip(*frame, std::get<IpDatagram>(frame->content));
}

void Port::take_arp(const EthernetFrame& frame, const ArpMessage& arp) {
  Station* const owner = owner_of(arp.target, true);
  // Of what is not for us only what is asked for anyway is learned: a busy wire is full of it.
  const bool wanted = owner != nullptr || neighbours_.find(arp.sender) ||
                      neighbours_.in_vain(arp.sender) || neighbours_.probing(arp.sender) ||
                      (arp.reply && frame.destination == arp.target_mac);
  if (!arp.sender.is_any() && arp.sender.is_unicast()) {
    if (Station* const robbed = owner_of(arp.sender, true)) {
      world_.trace().record(robbed->id(), world_.now(),
                            AddressContested{arp.sender, arp.sender_mac});
    } else if (wanted) {
      neighbours_.learn(arp.sender, arp.sender_mac);
    }
  }
  if (arp.reply) return;
  // Who probes an address that we probe is to have it as little as we are (RFC 5227 2.1.1).
  if (arp.sender.is_any()) neighbours_.contend(arp.target, arp.sender_mac);
  if (owner == nullptr) return;
  put_frame(world::write_frame(frame.source, owner->mac(),
                               ArpMessage{.reply = true,
                                          .sender_mac = owner->mac(),
                                          .sender = arp.target,
                                          .target_mac = arp.sender_mac,
                                          .target = arp.sender}));
}

Station* Port::owner_of(Ipv4Address address, bool on_lan) const {
  for (Station* station : network_.stations().with_address(address)) {
    if (station->up() && (!on_lan || station->segment() == 0)) return station;
  }
  return nullptr;
}

void Port::take_ip(const EthernetFrame& frame, IpDatagram datagram) {
  if (!datagram.whole()) {
    auto whole = reassembly_.take(std::move(datagram), world_.now(), counts_.faults);
    if (!whole) return counts_.faults.add(whole.error());
    if (!*whole) return;
    datagram = std::move(**whole);
  }
  auto message = world::read_message(datagram);
  if (!message) return counts_.faults.add(message.error());
  learn_from(frame, datagram);
  if (auto* packet = std::get_if<world::Packet>(&*message)) {
    const auto crossing = crossings_ == nullptr ? std::nullopt : crossings_->arrives(datagram);
    if (crossing) {
      packet->number = crossing->number;
      world_.trace().set_cause(crossing->cause);
    }
    take_packet(frame, std::move(*packet));
  } else if (const auto* icmp = std::get_if<IcmpMessage>(&*message)) {
    take_icmp(frame, datagram, *icmp);
  } else {
    take_igmp(datagram, std::get<world::IgmpMessage>(*message));
  }
}

/// A sender on the link shows its address with all that it sends; one beyond a router shows the
/// router's.
void Port::learn_from(const EthernetFrame& frame, const IpDatagram& datagram) {
  if (frame.destination.is_group() || !datagram.from.is_unicast()) return;
  const Station* const station = station_with(frame.destination);
  const auto& configuration = station->configuration();
  if (!configuration || !configuration->address.on_link(datagram.from)) return;
  if (owner_of(datagram.from, false) == nullptr) neighbours_.learn(datagram.from, frame.source);
}

void Port::take_packet(const EthernetFrame& frame, world::Packet packet) {
  packet.source = frame.source;
  packet.destination = frame.destination;
  if (frame.destination.is_group() && !network_.anybody_listens(*outside_, packet)) {
    ++counts_.foreign;
    return;
  }
  network_.send_frame(*outside_, std::move(packet));
}

void Port::take_icmp(const EthernetFrame& frame, const IpDatagram& datagram,
                     const IcmpMessage& message) {
  Station* const owner = owner_of(datagram.to, false);
  if (owner == nullptr || frame.destination.is_group()) return;
  if (message.type == IcmpMessage::kEcho && datagram.from.is_unicast()) {
    IcmpMessage answer = message;
    answer.type = IcmpMessage::kEchoReply;
    return echo_later(*owner, frame, world::datagram_of(datagram.to, datagram.from, answer));
  }
  constexpr std::size_t kHeaderAndPorts = 24;
  if (message.type != IcmpMessage::kUnreachable || message.body.size() < kHeaderAndPorts) return;
  const std::size_t header = (message.body[0] & 15) * std::size_t{4};
  if (header < 20 || header + 4 > message.body.size()) return;
  const Endpoint to{{world::get32(message.body, 16)}, world::get16(message.body, header + 2)};
  world_.trace().record(owner->id(), world_.now(),
                        UnreachableTold{datagram.from, to, message.code});
}

/// The answer is as far away as the host that gives it, and can be lost on its way.
void Port::echo_later(const Station& owner, const EthernetFrame& frame, IpDatagram reply) {
  const auto after = network_.there_and_back(*outside_, owner);
  if (!after || echoes_.size() == kMostEchoes) return;
  reply.identification = identification_++;
  echoes_.push_back({{}, frame.source, frame.destination, std::move(reply)});
  const auto place = std::prev(echoes_.end());
  place->due = world_.queue().schedule(world_.now() + *after, world::Rank::delivery,
                                       [this, place](error_code error) {
                                         if (!error) {
                                           put(place->to, place->from, std::move(place->reply));
                                         }
                                         echoes_.erase(place);
                                       });
}

/// A host of ours that has no such port says so, to a sender on the wire.
void Port::refused(Station& station, const world::Packet& packet) {
  const bool from_wire = station_with(packet.source) == nullptr;
  if (!from_wire || packet.protocol != world::Protocol::udp || packet.destination.is_group() ||
      !station.has_address(packet.to.address) || !packet.from.address.is_unicast()) {
    return;
  }
  const Station* const face = face_of(station);
  if (face == nullptr) return;
  const IcmpMessage unreachable{.type = IcmpMessage::kUnreachable,
                                .code = IcmpMessage::kPortUnreachable,
                                .body = quotation_of(packet)};
  IpDatagram datagram = world::datagram_of(packet.to.address, packet.from.address, unreachable);
  datagram.identification = identification_++;
  put(packet.source, face->mac(), std::move(datagram));
}

void Port::tell_counts() {
  const auto tell = [this](std::string_view reason, std::uint64_t count) {
    if (count == 0) return;
    world_.trace().record(outside_->id(), world_.now(), FramesDropped{reason, count});
  };
  world_.trace().set_cause(0);
  for (std::size_t i = 0; i < world::kFrameFaults; ++i) {
    const auto fault = static_cast<world::FrameFault>(i);
    tell(world::words_for(fault), counts_.faults.of(fault));
  }
  tell("for somebody else", counts_.foreign);
  tell("an address of ours as sender", counts_.own);
  tell("the interface took no more", counts_.not_sent);
  tell("no room in the kernel's buffer", link_->statistics().lost);
}

}  // namespace provlab::wire
