#pragma once
#include <memory>
#include <string_view>
#include <utility>
#include <variant>

#include "sim/world/event_queue.hpp"
#include "sim/world/packet.hpp"
#include "sim/world/station.hpp"

namespace provlab::world {

// What becomes of a packet on its way to one receiver.

/// Nothing special: the next rule is asked, and after the last one the link decides.
struct Pass {};
/// It arrives, whatever the link's loss.
struct Deliver {
  Duration later{};            ///< than by the path; it may then come behind what was sent after it
  Rank rank = Rank::delivery;  ///< among what arrives in the same instant
  Duration apart{};            ///< at least so long after the packet before of which that was said
};
/// It never arrives.
struct Lose {
  std::string_view reason = "lost on the link";  ///< a literal, for the trace
};

using PacketFate = std::variant<Pass, Deliver, Lose>;

/// Decides over packets before the link does; a lambda is one.
using PacketRule =
    UniqueFunction<PacketFate(const Packet&, const Station& sender, const Station& receiver)>;

/// Keeps a rule of a network in force: the rule ends with its guard. The network may go first.
class [[nodiscard]] RuleGuard {
 public:
  RuleGuard() = default;

 private:
  friend class Network;
  explicit RuleGuard(std::shared_ptr<PacketRule> rule) : rule_(std::move(rule)) {}
  std::shared_ptr<PacketRule> rule_;
};

}  // namespace provlab::world
