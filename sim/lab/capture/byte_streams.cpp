#include "sim/lab/capture/byte_streams.hpp"

#include <algorithm>

namespace provlab::lab {

namespace {

/// Collects the segments of one direction.
class StreamBuilder {
 public:
  void syn(std::uint32_t sequence) {
    start_ = sequence + 1;
    stream_.begun = true;
  }
  bool is_finished() const { return stream_.finished.has_value(); }
  bool knows_start() const { return start_.has_value(); }
  bool is_start(std::uint32_t sequence) const { return stream_.begun && start_ == sequence + 1; }

  /// What the other side says, to which segments of this one may be the answer.
  void hear(const SeenPacket& packet) {
    if (start_ && packet.flags.ack) {
      acknowledged_ =
          std::max(acknowledged_, static_cast<std::int32_t>(packet.acknowledgement - *start_));
    }
    if (!packet.flags.syn && packet.payload.empty()) return;
    heard_ = packet.time;
    number_ = 0;
  }

  void add(const SeenPacket& packet) {
    if (!start_) start_ = packet.sequence;
    // Numbers count from the first octet; those that lie before it are probes and old ones.
    const auto place = static_cast<std::int32_t>(packet.sequence - *start_);
    if (packet.flags.fin && !stream_.finished) stream_.finished = packet.time;
    if (packet.payload.empty() || place < 0) return;
    const auto at = static_cast<std::size_t>(place);
    constexpr std::size_t kMostPlace = std::size_t{256} << 20;
    if (at > kMostPlace) return;
    keep(at, packet);
  }

  SeenStream take() {
    std::int64_t latest = 0;
    for (auto& [at, piece] : pieces_) {
      if (at > stream_.octets.size()) {
        stream_.gap = true;
        break;
      }
      const std::size_t known = stream_.octets.size() - at;
      if (known >= piece.octets.size()) continue;
      latest = std::max(latest, piece.time);
      stream_.arrivals.emplace_back(stream_.octets.size(), latest);
      stream_.octets.append(piece.octets, known);
      if (piece.cut) {
        stream_.gap = true;
        break;
      }
    }
    pieces_.clear();
    std::ranges::stable_sort(stream_.lost, {}, &LostSegment::time);
    return std::move(stream_);
  }

 private:
  struct Piece {
    std::string octets;
    std::int64_t time = 0;
    bool cut = false;
    LostSegment last{};  ///< the copy of it that came last, in case that it was lost
  };

  /// What comes sooner was overtaken, not lost; what the other side has acknowledged was there.
  void note_lost(LostSegment copy, std::int64_t again, std::size_t end) {
    if (static_cast<std::int64_t>(end) <= acknowledged_) return;
    constexpr std::int64_t kOvertaken = 10'000'000;
    constexpr std::size_t kMost = 100;
    if (again - copy.time < kOvertaken || stream_.lost.size() == kMost) return;
    copy.again = again;
    stream_.lost.push_back(copy);
  }

  void keep(std::size_t at, const SeenPacket& packet) {
    const auto known = pieces_.find(at);
    const LostSegment copy{packet.time, 0, heard_, ++number_, at == 0};
    if (known != pieces_.end()) {
      ++stream_.sent_again;
      note_lost(known->second.last, packet.time, at + packet.payload.size());
      known->second.last = copy;
      if (known->second.octets.size() >= packet.payload.size() && !known->second.cut) return;
      // What was there first keeps its time: the rest comes as a piece of its own.
      const std::size_t had = known->second.octets.size();
      if (had >= packet.payload.size() || pieces_.contains(at + had)) return;
      pieces_.emplace(at + had, Piece{packet.payload.substr(had), packet.time, packet.cut(), copy});
      known->second.cut = false;
      return;
    }
    if (at < end_) ++stream_.sent_again;
    end_ = std::max(end_, at + packet.payload.size());
    const auto piece = pieces_.emplace(at, Piece{packet.payload, packet.time, packet.cut(), copy});
    // What follows it was there already, and has the number that would have been its own.
    if (const auto next = std::next(piece.first); next != pieces_.end()) {
      LostSegment missed = next->second.last;
      missed.first = at == 0;
      note_lost(missed, packet.time, at + packet.payload.size());
    }
  }

  std::optional<std::uint32_t> start_;
  std::map<std::size_t, Piece> pieces_;
  std::size_t end_ = 0;
  std::int64_t heard_ = 0;
  std::size_t number_ = 0;
  std::int32_t acknowledged_ = 0;
  SeenStream stream_;
};

struct Building {
  SeenConnection connection;
  StreamBuilder to_server;
  StreamBuilder to_client;
};

class Connections {
 public:
  void add(const SeenPacket& packet) {
    Building& building = place(packet);
    SeenConnection& connection = building.connection;
    const bool by_client = packet.from == connection.client;
    StreamBuilder& stream = by_client ? building.to_server : building.to_client;
    (by_client ? building.to_client : building.to_server).hear(packet);
    if (packet.flags.syn) {
      if (by_client) connection.syns.push_back(packet.time);
      if (!by_client && !connection.accepted) connection.accepted = packet.time;
      if (!stream.knows_start()) stream.syn(packet.sequence);
      return;
    }
    if (packet.flags.rst) {
      if (!connection.reset) connection.reset_by_client = by_client;
      if (!connection.reset) connection.reset = packet.time;
      return;
    }
    if (packet.flags.fin && !by_client && !building.to_server.is_finished()) {
      connection.finished_first_by_server = true;
    }
    stream.add(packet);
  }

  std::vector<SeenConnection> take() {
    std::vector<SeenConnection> found;
    for (Building& each : all_) {
      each.connection.to_server = each.to_server.take();
      each.connection.to_client = each.to_client.take();
      found.push_back(std::move(each.connection));
    }
    return found;
  }

 private:
  using Ends = std::pair<Endpoint, Endpoint>;  // client and server

  Building& place(const SeenPacket& packet) {
    const Ends outwards{packet.from, packet.to};
    const Ends back{packet.to, packet.from};
    const bool opens = packet.flags.syn && !packet.flags.ack;
    for (const Ends& ends : {outwards, back}) {
      const auto known = current_.find(ends);
      if (known == current_.end()) continue;
      Building& building = all_[known->second];
      // A SYN of another number opens another connection between the same ends.
      if (!opens || building.to_server.is_start(packet.sequence)) return building;
    }
    const bool by_client = packet.flags.syn ? opens : packet.from.port > packet.to.port;
    return begin(by_client ? outwards : back, by_client == packet.by_phone, packet.time);
  }

  Building& begin(const Ends& ends, bool by_phone, std::int64_t time) {
    current_.insert_or_assign(ends, all_.size());
    Building& building = all_.emplace_back();
    building.connection.client = ends.first;
    building.connection.server = ends.second;
    building.connection.by_phone = by_phone;
    building.connection.begins = time;
    return building;
  }

  std::vector<Building> all_;
  std::map<Ends, std::size_t> current_;
};

}  // namespace

std::int64_t SeenStream::time_of(std::size_t place) const {
  const auto behind =
      std::ranges::upper_bound(arrivals, place, {}, [](const auto& each) { return each.first; });
  return behind == arrivals.begin() ? 0 : std::prev(behind)->second;
}

std::vector<SeenConnection> connections_of(const std::vector<SeenPacket>& packets) {
  Connections connections;
  for (const SeenPacket& packet : packets) {
    if (packet.protocol == world::Protocol::tcp) connections.add(packet);
  }
  return connections.take();
}

}  // namespace provlab::lab
