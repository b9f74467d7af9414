#include "sim/lab/play/lose_rule.hpp"

namespace provlab::lab {

world::PacketRule lose_rule(world::Loop& world, const LosePlan& plan, Uses& uses) {
  return [&world, &plan, &uses, seen = 0U](
             const world::Packet& packet, const world::Station& sender,
             const world::Station& receiver) mutable -> world::PacketFate {
    if (!plan.to.empty() && receiver.name() != plan.to) return world::Pass{};
    if (!plan.from.empty() && sender.name() != plan.from) return world::Pass{};
    if (plan.protocol && *plan.protocol != packet.protocol) return world::Pass{};
    if (plan.port != 0 && plan.port != packet.to.port) return world::Pass{};
    if (plan.since && world.now() < *plan.since) return world::Pass{};
    if (plan.until && world.now() >= *plan.until) return world::Pass{};
    ++seen;
    if (plan.nth && !plan.nth->contains(seen)) return world::Pass{};
    if (plan.every && seen % *plan.every != 0) return world::Pass{};
    uses.note(plan.use);
    return world::Lose{"lost on purpose"};
  };
}

}  // namespace provlab::lab
