#include "sim/lab/contents/packet_log.hpp"

namespace provlab::lab {

bool PacketLog::room_for(std::size_t octets) {
  if (octets_ + octets > kMostOctets) return false;
  octets_ += octets;
  return true;
}

void PacketLog::sent(const world::Packet& packet, EventNumber event) {
  if (packets_.size() == kMostPackets) return;
  SentPacket sent{.event = event,
                  .tcp = packet.protocol == world::Protocol::tcp,
                  .syn = packet.flags.syn,
                  .fin = packet.flags.fin,
                  .from = packet.from,
                  .to = packet.to,
                  .sequence = packet.sequence,
                  .size = static_cast<std::uint32_t>(packet.payload.size()),
                  .payload = {}};
  if (room_for(packet.payload.size())) sent.payload = text_of(packet.payload);
  packets_.push_back(std::move(sent));
}

void PacketLog::heard(Endpoint from, Endpoint to, std::size_t end, std::string_view text) {
  if (!room_for(text.size())) return;
  texts_.push_back({packets_.size(), from, to, end, std::string(text)});
}

}  // namespace provlab::lab
