#include "sim/lab/wired/wired_play.hpp"

#include <algorithm>

#include "sim/lab/play/play.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/wire/frame_tap.hpp"

namespace provlab::lab {

namespace {

/// So often it is asked whether it is to end early.
constexpr Duration kLook = std::chrono::milliseconds(200);

}  // namespace

WiredPlay::WiredPlay(Shared<ScenarioPlan> plan, const Variant& variant, std::uint64_t seed,
                     std::unique_ptr<wire::FrameLink> phone_end,
                     std::unique_ptr<wire::FrameLink> servers_end, RunLimits limits)
    : plan_(std::move(plan)),
      world_(seed),
      phone_network_(world_.add_network()),
      phone_(world_, phone_network_, plan_, variant),
      servers_(world_, world_.network(), plan_, variant),
      timeline_(*plan_,
                [this](const Action& action, Instant when) {
                  world_.at(when, [this, &action] {
                    timeline_.done();
                    perform(action, phone_, servers_);
                  });
                }),
      phone_port_(world_,
                  std::make_unique<wire::FrameTap>(std::move(phone_end),
                                                   [this](BytesView frame) {
                                                     if (frames_ == nullptr) return;
                                                     frames_->frame(world_.actual(), frame);
                                                   }),
                  {.name = "cable", .network = &phone_network_, .crossings = &crossings_}),
      servers_port_(world_, std::move(servers_end),
                    {.name = std::string(kDeviceName),
                     .crossings = &crossings_,
                     .known_as = phone_.device().id()}),
      limits_(std::move(limits)) {
  phone_network_.link.latency = {};  // all that the scenario says of it is with the servers
  phone_.device().record(ScenarioStarted{plan_->name, variant.name, seed});
  servers_.start({servers_port_.outside(), [this] { return phone_.address(); }});
  phone_.start();
  phone_.fail_calls(servers_.uses());
}

WiredPlay::~WiredPlay() = default;

void WiredPlay::capture(world::CaptureSink& sink) {
  phone_network_.capture(phone_.device(), sink);
}

void WiredPlay::capture(world::PcapngWriter& writer) {
  phone_network_.capture(phone_.device(), writer);
  servers_.write_keys(writer);
}

void WiredPlay::show(world::PacketWitness& witness, netfakes::PlaintextEar& ear) {
  phone_network_.show_all(witness);
  world_.network().show_all(witness);
  servers_.set_ear(ear);
}

Expected<bool> WiredPlay::run(Instant limit, const std::function<bool()>& enough) {
  // The clock goes from here: what came before has cost no time.
  pacer_.emplace(world_, &phone_port_,
                 wire::PacerOptions{.between_steps = [this] { phone_.look(); }});
  pacer_->add(servers_port_);
  guard_.emplace(limits_, world_);
  timeline_.begin();
  if (timeline_.until()) world_.at(*timeline_.until(), [] {});
  for (bool done = false; !done;) {
    const Instant look = std::min(limit, pacer_->clock() + kLook);
    const auto ran = pacer_->run([this] { return over(); }, look);
    if (!ran) return std::unexpected(ran.error());
    done = *ran || look == limit;
    if (!done && enough()) return false;
  }
  if (guard_->stopped()) {
    guard_->stop(phone_.device().id());
    return true;
  }
  if (timeline_.until()) servers_.uses().note(plan_->until_use);
  phone_.end(reason_);
  return true;
}

/// As a play ends, but looked at by a clock that does not wait.
bool WiredPlay::over() {
  if (guard_->exceeded()) return true;
  const bool knew = timeline_.until().has_value();
  if (timeline_.watching()) timeline_.look(world_.trace());
  const Instant now = world_.now();
  if (const auto& until = timeline_.until()) {
    reason_ = "until";
    if (!knew) world_.at(std::max(now, *until), [] {});
    return now >= *until;
  }
  if (timeline_.has_until()) return false;
  const bool quiet = timeline_.quiet() && !phone_.phone().run_in_progress();
  if (!settled_) {
    if (!quiet) return false;
    settled_ = timeline_.settled(now);
    world_.at(*settled_, [] {});
    return false;
  }
  if (now < *settled_) return false;
  settled_.reset();
  if (quiet) reason_ = "settled";
  return quiet;
}

Duration WiredPlay::lateness() const {
  return std::max(pacer_->lag().worst(), pacer_->lag().longest_turn());
}

}  // namespace provlab::lab
