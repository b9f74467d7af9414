#include "sim/lab/play/play.hpp"

#include <algorithm>
#include <concepts>

#include "sim/lab/trace/lab_events.hpp"

namespace provlab::lab {

void perform(const Action& action, PhoneHalf& phone, ServersHalf& servers) {
  const Use use = std::visit(
      [&]<class What>(const What& what) {
        if constexpr (std::same_as<What, MoveCable>) {
          if (servers.host(what.host) != nullptr) return servers.perform(what);
          if (!what.lan.empty()) servers.plug_into(what.lan);
          const Use moved = phone.perform(what);
          return what.lan.empty() ? moved : Use::done;
        } else if constexpr (requires { servers.perform(what); }) {
          return servers.perform(what);
        } else {
          return phone.perform(what);
        }
      },
      action.what);
  servers.uses().note(action.use, use);
}

Play::Play(Shared<ScenarioPlan> plan, const Variant& variant, std::uint64_t seed, RunLimits limits)
    : plan_(std::move(plan)),
      world_(seed),
      phone_(world_, world_.network(), plan_, variant),
      servers_(world_, world_.network(), plan_, variant),
      timeline_(*plan_,
                [this](const Action& action, Instant when) {
                  world_.at(when, [this, &action] {
                    timeline_.done();
                    perform(action, phone_, servers_);
                  });
                }),
      limits_(std::move(limits)) {
  device().record(ScenarioStarted{plan_->name, variant.name, seed});
  servers_.start({device(), [this] { return phone_.address(); }});
  phone_.start();
  phone_.fail_calls(servers_.uses());
}

Play::~Play() = default;

void Play::capture(world::CaptureSink& sink) {
  world_.network().capture(device(), sink);
}

void Play::capture(world::PcapngWriter& writer) {
  world_.network().capture(device(), writer);
  servers_.write_keys(writer);
}

void Play::show(world::PacketWitness& witness, netfakes::PlaintextEar& ear) {
  world_.network().show_all(witness);
  servers_.set_ear(ear);
}

void Play::fail_power(Duration time) {
  timeline_.add(world_.now() + time);
  // As an event of the world: what it cancels unwinds before anything else happens.
  world_.at(world_.now(), [this, time] {
    device().record(PowerFailed{time});
    phone_.perform(PowerOff{});
  });
  world_.at(world_.now() + time, [this] {
    timeline_.done();
    servers_.end_losses();
    phone_.perform(PowerOn{});
  });
}

void Play::run() {
  RunGuard guard(limits_, world_);
  std::optional<std::string_view> end;
  try {
    end = play_out(guard);
  } catch (const world::WorldStalled&) {
    guard.stalled();
  }
  if (end) {
    if (timeline_.until()) servers_.uses().note(plan_->until_use);
    phone_.end(*end);
  } else {
    guard.stop(device().id());
  }
}

std::optional<std::string_view> Play::play_out(RunGuard& guard) {
  timeline_.begin();
  const bool watching = timeline_.watching();
  /// Whether it ends here.
  const auto look = [&] {
    phone_.look();
    if (between_steps_) between_steps_();
    return guard.exceeded();
  };
  const auto reached = [&] {
    if (look()) return true;
    if (watching) timeline_.look(trace());
    const Instant now = world_.now();
    const std::optional<Instant>& until = timeline_.until();
    if (until) return timeline_.quiet() || now >= *until || timeline_.impatient(now);
    return timeline_.impatient(now) || (!timeline_.has_until() && quiet());
  };
  /// False where the guard has stopped it.
  const auto go_on_until = [&](Instant moment) {
    if (world_.run_until(look, moment)) return false;
    world_.queue().advance_to(moment);
    return true;
  };
  for (;;) {
    const std::optional<Instant>& until = timeline_.until();
    const bool there = reached() || world_.run_until(reached, until.value_or(Instant::max()));
    if (guard.stopped()) return std::nullopt;
    if (until) {
      if (!go_on_until(std::max(world_.now(), *until))) return std::nullopt;
      return "until";
    }
    if (!there || timeline_.impatient(world_.now())) return "limit";
    if (!go_on_until(timeline_.settled(world_.now()))) return std::nullopt;
    if (watching) timeline_.look(trace());
    if (quiet()) return "settled";
  }
}

}  // namespace provlab::lab
