#include "sim/lab/play/race_gate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/discovery/events.hpp"
#include "sim/lab/trace/lab_events.hpp"

namespace provlab::lab {

namespace {

world::Rank after(world::Rank rank, std::size_t places) {
  return static_cast<world::Rank>(static_cast<int>(rank) + static_cast<int>(places));
}

}  // namespace

RaceGate::RaceGate(world::Network& network, const world::Station& device, const RacePlan& race,
                   const Variant& variant)
    : network_(network), world_(network.loop()), device_(device), race_(race), variant_(variant) {
  if (!variant_.tied) {
    if (!network_.plugged_in()) return;
    turns_ = network_.add_rule(
        [this](const world::Packet& packet, const world::Station& sender,
               const world::Station& receiver) { return apart(packet, sender, receiver); });
    return;
  }
  turns_ = network_.add_rule(
      [this](const world::Packet&, const world::Station& sender, const world::Station& receiver) {
        return fate_of(sender, receiver);
      });
}

/// How long a packet takes from there to the phone, without jitter.
Duration RaceGate::path(Host& from) const {
  const Duration latency = static_cast<world::VirtualHost&>(from).latency_from();
  return network_.link.latency + latency + device_.latency_to();
}

std::optional<Instant> RaceGate::timeout() const {
  std::optional<Instant> asked;
  for (const TraceRecord record : world_.trace()) {
    if (record.is<discovery::SourceStarted>() && record.field("source") == race_.timeout->source) {
      asked = record.at();
    }
  }
  if (!asked) return std::nullopt;
  return *asked + race_.timeout->patience;
}

netfakes::AnswerGate::Admission RaceGate::admit(Host& host, const netfakes::DueAnswer& due,
                                                Duration after, netfakes::AnswerCallback& leave) {
  if (due.id == variant_.missing) return Admission::drop;
  // With an answer missing the others come when they come.
  if (!variant_.missing.empty() || released_) return Admission::pass;
  if (std::ranges::find(variant_.order, due.id) == variant_.order.end()) return Admission::pass;
  if (held_.contains(due.id)) return Admission::drop;
  host.record(RaceAnswerHeld{due.id});
  held_.try_emplace(due.id, host, due, host.now() + std::max(after, Duration::zero()) + path(host),
                    std::move(leave));
  if (held_.size() + (race_.timeout ? 1 : 0) == variant_.order.size()) release();
  return Admission::keep;
}

void RaceGate::release() {
  const std::optional<Instant> given = race_.timeout ? timeout() : std::nullopt;
  if (race_.timeout && !given) return;  // the source is not asked: the race does not form
  released_ = true;
  record(RaceFormed{fmt::format("{}", fmt::join(variant_.order, " "))});
  const Duration gap = variant_.tied ? Duration::zero() : race_.gap;
  Instant start{};
  for (auto& [id, held] : held_) {
    held.arrival = std::max(held.arrival, world_.now() + path(held.host));
    start = std::max(start, held.arrival);
  }
  if (given) {
    const auto before = std::ranges::find(variant_.order, race_.timeout->id);
    start = *given - gap * static_cast<int>(before - variant_.order.begin());
  }
  world::Rank rank = world::Rank::delivery;
  for (std::size_t i = 0; i < variant_.order.size(); ++i) {
    if (race_.is_timeout(variant_.order[i])) {
      rank = world::Rank::timer;
      continue;
    }
    Held& held = held_.find(variant_.order[i])->second;
    // What is not due by then comes late, and the verdict says that the race did not form.
    const Instant arrival = std::max(start + gap * static_cast<int>(i), held.arrival);
    held.leaves = arrival - path(held.host);
    held.rank = after(rank, i + 1);
    held.departure.start(held.leaves, [&held] {
      held.left = true;
      held.leave(held.due);
    });
  }
}

world::PacketFate RaceGate::apart(const world::Packet& packet, const world::Station& sender,
                                  const world::Station& receiver) {
  if (!released_ || receiver.id() != device_.id() || packet.payload.empty()) return world::Pass{};
  for (auto& [id, held] : held_) {
    if (!held.left || held.told_apart || held.host.id() != sender.id()) continue;
    held.told_apart = true;
    return world::Deliver{.apart = race_.gap};
  }
  return world::Pass{};
}

world::PacketFate RaceGate::fate_of(const world::Station& sender,
                                    const world::Station& receiver) const {
  if (!released_ || receiver.id() != device_.id()) return world::Pass{};
  for (const auto& [id, held] : held_) {
    if (held.host.id() != sender.id() || held.leaves != world_.now()) continue;
    return world::Deliver{.rank = held.rank};
  }
  return world::Pass{};
}

}  // namespace provlab::lab
