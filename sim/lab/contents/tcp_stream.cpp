#include "sim/lab/contents/tcp_stream.hpp"

#include <algorithm>

namespace provlab::lab {

namespace {

class Streams {
 public:
  void add(std::size_t number, const SentPacket& packet) {
    if (packet.syn) return add_syn(number, packet);
    TcpStream& stream = stream_of(number, packet);
    const std::size_t place = place_of(stream, packet.sequence);
    if (packet.size > 0) add_octets(stream, packet, place);
    if (!packet.fin) return;
    const std::size_t end = place + packet.size;
    if (stream.fin && stream.fin->first == end) {
      found_.again.try_emplace(packet.event, stream.fin->second);
    } else {
      stream.fin.emplace(end, packet.event);
    }
  }

  TcpStreams take() { return std::move(found_); }

 private:
  using Ends = std::pair<Endpoint, Endpoint>;

  void add_syn(std::size_t number, const SentPacket& packet) {
    const auto known = current_.find({packet.from, packet.to});
    if (known != current_.end()) {
      const TcpStream& stream = found_.streams[known->second];
      if (stream.syn != 0 && stream.start == packet.sequence + 1) {
        found_.again.try_emplace(packet.event, stream.syn);
        return;
      }
    }
    begin(number, packet, packet.sequence + 1).syn = packet.event;
  }

  TcpStream& begin(std::size_t number, const SentPacket& packet, std::uint32_t start) {
    current_.insert_or_assign(Ends{packet.from, packet.to}, found_.streams.size());
    TcpStream& stream = found_.streams.emplace_back();
    stream.begins = number;
    stream.from = packet.from;
    stream.to = packet.to;
    stream.start = start;
    return stream;
  }

  TcpStream& stream_of(std::size_t number, const SentPacket& packet) {
    const auto known = current_.find({packet.from, packet.to});
    if (known != current_.end()) return found_.streams[known->second];
    return begin(number, packet, packet.sequence);  // its SYN was not seen
  }

  /// Counted from the stream's first octet; numbers that wrap around lie near its end.
  static std::size_t place_of(const TcpStream& stream, std::uint32_t sequence) {
    const auto end = stream.start + static_cast<std::uint32_t>(stream.length);
    const auto away = static_cast<std::int32_t>(sequence - end);
    const auto place = static_cast<std::int64_t>(stream.length) + away;
    return static_cast<std::size_t>(std::max<std::int64_t>(place, 0));
  }

  void add_octets(TcpStream& stream, const SentPacket& packet, std::size_t place) {
    const std::size_t end = place + packet.size;
    if (end <= stream.length) {
      found_.again.try_emplace(packet.event, stream.carrier(place));
      return;
    }
    // What was kept is a beginning of what was sent.
    if (stream.octets.size() == stream.length && place <= stream.length &&
        packet.payload.size() == packet.size) {
      stream.octets += std::string_view(packet.payload).substr(stream.length - place);
    }
    stream.pieces.emplace_back(stream.length, packet.event);
    stream.length = end;
  }

  TcpStreams found_;
  std::map<Ends, std::size_t> current_;  // the newest stream between two ends
};

}  // namespace

EventNumber TcpStream::carrier(std::size_t place) const {
  const auto behind =
      std::ranges::upper_bound(pieces, place, {}, [](const auto& p) { return p.first; });
  return behind == pieces.begin() ? 0 : std::prev(behind)->second;
}

TcpStreams tcp_streams(const std::vector<SentPacket>& packets) {
  Streams streams;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if (packets[i].tcp) streams.add(i, packets[i]);
  }
  return streams.take();
}

}  // namespace provlab::lab
