#include <fmt/format.h>

#include "sim/world/fragments.hpp"
#include "sim/world/frame_writer.hpp"
#include "tests/fuzz/records.hpp"
#include "tests/fuzz/targets.hpp"

namespace provlab::fuzz {

namespace {

using namespace world;

/// What is read and written again is the same message.
std::string message_problem(const IpDatagram& whole) {
  const auto message = read_message(whole);
  if (!message) return words_for(message.error()).empty() ? "a fault without words" : "";
  IpDatagram again;
  if (const auto* packet = std::get_if<Packet>(&*message)) {
    if (packet->options.ranges.size() > 4) return "more ranges than options have room for";
    if (!read_message(datagram_of(*packet, 1))) return "ranges spoil what was written";
    Packet plain = *packet;
    plain.options.ranges.clear();  // may have had more room than we give them
    again = datagram_of(plain, whole.identification);
    const auto back = read_message(again);
    if (!back) return fmt::format("what was written has {}", words_for(back.error()));
    const Packet& read = std::get<Packet>(*back);
    const bool same = read.payload == plain.payload && read.from == plain.from &&
                      read.to == plain.to && read.options == plain.options &&
                      read.flags_text() == plain.flags_text() && read.ttl == plain.ttl;
    return same ? "" : "a packet is another one when it is read again";
  }
  if (const auto* icmp = std::get_if<IcmpMessage>(&*message)) {
    const auto back = read_message(datagram_of(whole.from, whole.to, *icmp));
    return back && std::get<IcmpMessage>(*back) == *icmp ? "" : "ICMP is another message";
  }
  const auto& igmp = std::get<IgmpMessage>(*message);
  const auto back = read_message(datagram_of(whole.from, igmp));
  return back && std::get<IgmpMessage>(*back) == igmp ? "" : "IGMP is another message";
}

}  // namespace

std::string frames(std::string_view input) {
  Reassembly reassembly;
  FaultCounts faults;
  Instant now{};
  for (const Record& record : read_records(input)) {
    now += std::chrono::seconds(record.when);
    const auto frame = read_frame(bytes_of(record.octets));
    if (!frame) continue;
    if (const auto* arp = std::get_if<ArpMessage>(&frame->content)) {
      const auto back = read_frame(write_frame(frame->destination, frame->source, *arp));
      if (!back || std::get<ArpMessage>(back->content) != *arp) return "ARP is another message";
      continue;
    }
    IpDatagram datagram = std::get<IpDatagram>(frame->content);
    if (!datagram.whole()) {
      auto taken = reassembly.take(std::move(datagram), now, faults);
      if (reassembly.waiting() > 64) return "more datagrams wait than may";
      if (reassembly.octets() > 1024 * 1024) return "more octets wait than may";
      if (!taken || !*taken) continue;
      if (!(**taken).whole()) return "what was put together is a fragment";
      datagram = std::move(**taken);
    }
    if (auto problem = message_problem(datagram); !problem.empty()) return problem;
  }
  return {};
}

}  // namespace provlab::fuzz
