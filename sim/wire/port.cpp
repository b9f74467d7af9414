#include "sim/wire/port.hpp"

#include <algorithm>

#include "sim/world/frame_writer.hpp"

namespace provlab::wire {

using world::mac_of_group;
using world::Station;

namespace {
constexpr Duration kBetweenAnnouncements = std::chrono::seconds(2);  // RFC 5227 1.1
}  // namespace

Port::Port(world::World& world, std::unique_ptr<FrameLink> link, const PortOptions& options)
    : world_(world),
      network_(options.network != nullptr ? *options.network : world.network()),
      crossings_(options.crossings),
      link_(std::move(link)),
      outside_(std::make_unique<Outside>(
          *this, options,
          options.known_as ? *options.known_as : world.trace().add_host(options.name))),
      hands_(std::make_unique<Hands>(*this)),
      neighbours_(world, *hands_),
      random_(world.seed() ^ 0x706f7274ULL) {
  identification_ = static_cast<std::uint16_t>(random_.next());
  network_.attach(*outside_);
  network_.observe(hands_.get());
  for (Station* station : network_.stations().all()) {
    for (const Ipv4Address group : station->groups()) group_changed(*station, group);
    readdressed(*station);
  }
  want_frames();
}

Port::~Port() {
  network_.observe(nullptr);
  for (const auto& [member, report] : reports_) world_.queue().take(report);
  for (const auto& [station, second] : announcements_) world_.queue().take(second);
  for (const Echo& echo : echoes_) world_.queue().take(echo.due);
  network_.detach_outside();
}

Station& Port::outside() {
  return *outside_;
}

const Station* Port::station_with(MacAddress mac) const {
  const auto found = network_.stations().with_mac(mac);
  return found.empty() ? nullptr : found.front();
}

const Station* Port::face_of(const Station& station) const {
  return station.segment() == 0 ? &station : network_.router();
}

/// What has come to the stand-in leaves by the wire.
std::string_view Port::transmit(world::Packet& packet) {
  const Station* const sender = station_with(packet.source);
  const Station* const face = sender == nullptr ? nullptr : face_of(*sender);
  if (face == nullptr) return "no router leads from its network";
  // What was sent to a router of ours goes on to its destination.
  const bool routed = station_with(packet.destination) != nullptr;
  const Ipv4Address hop = routed ? packet.to.address : packet.next_hop;
  packet.source = face->mac();
  if (crossings_ != nullptr) crossings_->begins(packet.number, world_.trace().cause());
  if (!routed && hop.is_any()) {
    put_packet(packet.destination, packet);
    return {};
  }
  const auto& configuration = face->configuration();
  const Ipv4Address asker = configuration ? configuration->address.address : packet.from.address;
  neighbours_.send({face->mac(), asker}, hop, std::move(packet));
  return {};
}

void Port::put(const MacAddress& to, const MacAddress& from, world::IpDatagram datagram) {
  for (const Bytes& frame : world::write_frames(to, from, std::move(datagram), link_->mtu())) {
    put_frame(frame);
  }
}

void Port::put_packet(const MacAddress& to, const world::Packet& packet) {
  world::IpDatagram datagram = world::datagram_of(packet, identification_++);
  if (crossings_ != nullptr) crossings_->leaves(datagram, packet.number);
  put(to, packet.source, std::move(datagram));
}

void Port::put_frame(BytesView frame) {
  if (link_->send(frame)) {
    ++counts_.sent;
  } else {
    ++counts_.not_sent;
  }
}

void Port::probe(const Station& host, Ipv4Address address, Neighbours::ProbeHandler handler) {
  neighbours_.probe(host.mac(), address, std::move(handler));
}

void Port::announce(const Station& station) {
  if (station.segment() != 0) return;
  OperationId& second = announcements_[&station];
  world_.queue().take(second);
  if (!station.configuration()) return;
  send_announcement(station);
  second = world_.queue().schedule(world_.now() + kBetweenAnnouncements, world::Rank::timer,
                                   [this, &station](error_code error) {
                                     if (!error) send_announcement(station);
                                   });
}

void Port::send_announcement(const Station& station) {
  if (!station.up() || station.elsewhere() || !station.configuration()) return;
  const Ipv4Address address = station.configuration()->address.address;
  hands_->ask({station.mac(), address}, address);  // asked for oneself
}

/// Frames for whom are to come in: follows the stations and the groups that they have joined.
void Port::want_frames() {
  FrameInterest wanted;
  for (const Station* station : network_.stations().all()) {
    if (station->segment() == 0) wanted.stations.insert(station->mac());
  }
  if (!reports_.empty()) wanted.groups.insert(mac_of_group(Ipv4Address::of(224, 0, 0, 1)));
  for (const auto& [member, report] : reports_) wanted.groups.insert(mac_of_group(member.second));
  if (wanted == interest_) return;
  interest_ = std::move(wanted);
  (void)link_->want(interest_);  // a refused filter lets all in, and what is foreign is counted
}

// What the neighbours and the network ask of a port.

void Port::Hands::ask(const Neighbours::Asker& asker, Ipv4Address address) {
  port_.put_frame(world::write_frame(MacAddress::broadcast(), asker.mac,
                                     world::ArpMessage{.reply = false,
                                                       .sender_mac = asker.mac,
                                                       .sender = asker.address,
                                                       .target_mac = {},
                                                       .target = address}));
}

void Port::Hands::send_to(const MacAddress& mac, world::Packet packet) {
  port_.put_packet(mac, packet);
}

void Port::Hands::give_up(const world::Packet& packet) {
  port_.network_.lose(*port_.outside_, packet, "nobody on the wire answers for this address");
}

}  // namespace provlab::wire
