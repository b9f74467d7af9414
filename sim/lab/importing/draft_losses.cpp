#include "sim/lab/importing/draft_losses.hpp"

#include <fmt/format.h>

namespace provlab::lab {

void add_losses(MarkupNode& world, const DraftInputs& inputs) {
  for (const DraftHost& host : inputs.world.hosts()) {
    std::size_t before = 0;  // packets of TCP that went there before this connection
    for (const OpenedConnection& connection : inputs.heard.connections) {
      if (!connection.by_phone || connection.server.address != host.address) continue;
      constexpr Duration kSlow = std::chrono::milliseconds(50);
      const bool slow =
          connection.accepted &&
          *connection.accepted - connection.last_syn - inputs.world.round_trip_to(host) >= kSlow;
      if (connection.accepted && connection.syns > 1 && before == 0 && !slow) {
        world.add({.name = "lose"})
            .set("from", "device")
            .set("to", host.id)
            .set("protocol", "tcp")
            .set("nth", connection.syns == 2 ? "1" : fmt::format("1..{}", connection.syns - 1));
      }
      ++before;
    }
  }
}

}  // namespace provlab::lab
