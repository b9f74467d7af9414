#include <algorithm>

#include "sim/wire/port.hpp"
#include "sim/world/frame_writer.hpp"

// What stations of ours have joined, told to switches that listen to it (RFC 2236): a report at
// once, another within ten seconds, an answer to each query, unless another one was quicker.
namespace provlab::wire {

using world::IgmpMessage;
using world::Station;

namespace {

constexpr Duration kUnsolicited = std::chrono::seconds(10);
constexpr Ipv4Address kAllHosts = Ipv4Address::of(224, 0, 0, 1);

}  // namespace

void Port::group_changed(Station& station, Ipv4Address group) {
  if (station.segment() != 0 || group == kAllHosts) return;
  const Membership member{&station, group};
  const auto known = reports_.find(member);
  const std::vector<Ipv4Address> joined = station.groups();
  const bool is_member = std::ranges::find(joined, group) != joined.end();
  if (is_member == (known != reports_.end())) return;
  if (is_member) {
    reports_.try_emplace(member);
    report(station, group);
    report_later(member, kUnsolicited);
  } else {
    world_.queue().take(known->second);
    reports_.erase(known);
    send_igmp(station, {.type = IgmpMessage::kLeave, .group = group});
  }
  want_frames();
}

void Port::report(const Station& station, Ipv4Address group) {
  send_igmp(station, {.type = IgmpMessage::kReport, .group = group});
}

void Port::send_igmp(const Station& station, const IgmpMessage& message) {
  if (!station.up() || station.elsewhere() || !station.configuration()) return;
  const world::IpDatagram datagram =
      world::datagram_of(station.configuration()->address.address, message);
  put(world::mac_of_group(datagram.to), station.mac(), datagram);
}

void Port::report_later(const Membership& member, Duration most) {
  OperationId& pending = reports_.at(member);
  world_.queue().take(pending);
  pending = world_.queue().schedule(world_.now() + random_.between(Duration::zero(), most),
                                    world::Rank::timer, [this, member](error_code error) {
                                      if (!error) report(*member.first, member.second);
                                    });
}

void Port::take_igmp(const world::IpDatagram& datagram, const IgmpMessage& message) {
  if (message.type == IgmpMessage::kReport) {
    // Another one has told of the group: once is enough.
    for (const auto& [member, report] : reports_) {
      if (member.second == message.group) world_.queue().take(report);
    }
    return;
  }
  const bool general = datagram.to == kAllHosts && message.group.is_any();
  if (message.type != IgmpMessage::kQuery || !(general || datagram.to == message.group)) return;
  // One of version 1 says no time, and means ten seconds (RFC 2236 4).
  const Duration most =
      std::chrono::milliseconds(100) * (message.most_delay == 0 ? 100 : message.most_delay);
  for (auto& [member, report] : reports_) {
    if (general || member.second == message.group) report_later(member, most);
  }
}

void Port::readdressed(Station& station) {
  announce(station);
  want_frames();  // it may be in another LAN
  for (const auto& [member, report] : reports_) {
    if (member.first == &station) this->report(station, member.second);
  }
}

}  // namespace provlab::wire
