#include "sim/lab/race_gate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/events.hpp"
#include "sim/world/virtual_host.hpp"

namespace provlab::lab {

RaceGate::RaceGate(world::World& world, Host& device, const RacePlan& race, const Variant& variant)
    : world_(world), device_(device), race_(race), variant_(variant) {}

/// How long a packet takes from there to the phone, without jitter.
Duration RaceGate::path(Host& from) const {
  const auto latency = [](Host& host) { return static_cast<world::VirtualHost&>(host).latency(); };
  return world_.network().link.latency + latency(from) + latency(device_);
}

netfakes::AnswerGate::Ruling RaceGate::judge(Host& host, const netfakes::DueAnswer& due,
                                             Duration after, netfakes::AnswerCallback& leave) {
  if (due.id == variant_.missing) return Ruling::drop;
  // With an answer missing the others come when they come.
  if (!variant_.missing.empty() || released_) return Ruling::pass;
  if (std::ranges::find(variant_.order, due.id) == variant_.order.end()) return Ruling::pass;
  if (held_.contains(due.id)) return Ruling::drop;
  host.record(RaceAnswerHeld{due.id});
  held_.emplace(due.id,
                Held{&host, due, host.now() + std::max(after, Duration::zero()) + path(host),
                     std::move(leave)});
  if (held_.size() == variant_.order.size()) release();
  return Ruling::keep;
}

void RaceGate::release() {
  released_ = true;
  device_.record(RaceFormed{fmt::format("{}", fmt::join(variant_.order, " "))});
  Instant first{};
  for (const auto& [id, held] : held_) first = std::max(first, held.arrival);
  for (std::size_t i = 0; i < variant_.order.size(); ++i) {
    Held& held = held_.find(variant_.order[i])->second;
    const Instant arrival = first + race_.gap * static_cast<int>(i);
    held.host->start_timer(arrival - path(*held.host), [&held](error_code error) {
      if (!error) held.leave(held.due);
    });
  }
}

}  // namespace provlab::lab
