#include "sim/lab/importing/draft_losses.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provlab::lab {

namespace {

class LossDraft {
 public:
  LossDraft(MarkupNode& world, const DraftInputs& inputs) : world_(world), inputs_(inputs) {}

  void add() {
    for (const DraftHost& host : inputs_.world.hosts()) {
      std::size_t before = 0;  // connections that went there before this one
      for (const OpenedConnection& connection : inputs_.heard.connections) {
        if (!connection.by_phone || connection.server.address != host.address) continue;
        add_openings(host, connection, before++ == 0);
        for (const LostPiece& piece : connection.lost_by_client) add_outwards(host, piece);
        for (const LostPiece& piece : connection.lost_by_server) add_back(host, piece);
      }
    }
  }

 private:
  MarkupNode& lose(std::string_view from, std::string_view to) {
    return world_.add({.name = "lose"})
        .set("from", std::string(from))
        .set("to", std::string(to))
        .set("protocol", "tcp");
  }

  /// A server that is slow to take a connection has heard all of its SYNs.
  void add_openings(const DraftHost& host, const OpenedConnection& connection, bool first) {
    if (!connection.accepted || connection.syns < 2) return;
    constexpr Duration kSlow = std::chrono::milliseconds(50);
    const Duration took =
        *connection.accepted - connection.last_syn - inputs_.world.round_trip_to(host);
    if (took >= kSlow) return;
    MarkupNode& node = lose("device", host.id);
    if (first) {
      node.set("nth", connection.syns == 2 ? "1" : fmt::format("1..{}", connection.syns - 1));
      return;
    }
    node.set("since", to_string(sooner(connection.at)));
    node.set("until", to_string(sooner(connection.last_syn)));
  }

  /// The phone's first data follow its ACK of the handshake.
  void add_outwards(const DraftHost& host, const LostPiece& piece) {
    lose("device", host.id)
        .set("nth", std::to_string(piece.number + (piece.first ? 1 : 0)))
        .set("since", to_string(sooner(piece.since)));
  }

  /// What the server sends after the phone's question is on its way later than that.
  void add_back(const DraftHost& host, const LostPiece& piece) {
    lose(host.id, "device")
        .set("nth", std::to_string(piece.number))
        .set("since", to_string(inputs_.world.rounded(piece.since)));
  }

  static Duration sooner(Duration time) {
    constexpr Duration kMargin = std::chrono::milliseconds(2);
    return std::max(time - kMargin, Duration::zero());
  }

  MarkupNode& world_;
  const DraftInputs& inputs_;
};

}  // namespace

void add_losses(MarkupNode& world, const DraftInputs& inputs) {
  LossDraft(world, inputs).add();
}

}  // namespace provlab::lab
