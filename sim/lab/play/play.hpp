#pragma once
#include <functional>

#include "sim/lab/plan/plan.hpp"
#include "sim/lab/play/mishaps.hpp"
#include "sim/lab/play/phone_half.hpp"
#include "sim/lab/play/run_limits.hpp"
#include "sim/lab/play/servers_half.hpp"
#include "sim/lab/play/timeline.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

/// A play is one run of one variant of a scenario: a world with the phone and the responders in it.
/// Everything that happens follows from plan, variant and seed; what happened is in trace().
class Play {
 public:
  /// Without a race's gate where `variant` orders no answers.
  Play(Shared<ScenarioPlan> plan, const Variant& variant, std::uint64_t seed,
       RunLimits limits = {});
  ~Play();
  Play(const Play&) = delete;
  Play& operator=(const Play&) = delete;

  /// Captures what passes the phone's interface; call before run().
  void capture(world::CaptureSink& sink);
  /// The same with the keys of TLS.
  void capture(world::PcapngWriter& writer);
  /// Shows all packets as they are sent, and what TLS hides; call before run(). Both must outlive
  /// it.
  void show(world::PacketWitness& witness, netfakes::PlaintextEar& ear);
  /// Called between steps of the world, when nothing is under way within one; set before run().
  void between_steps(std::function<void()> look) { between_steps_ = std::move(look); }
  /// The power of the phone fails before anything else happens, beside the timeline, and comes back
  /// after `time`: from then on the network loses nothing any more. Only between steps.
  void fail_power(Duration time);
  /// What happens to packets to the phone beside the scenario; call before run().
  void suffer(Mishaps mishaps) { mishaps_.emplace(world_, device(), std::move(mishaps)); }
  /// What came of them; null where suffer() was not called.
  const MishapMaker* mishaps() const { return mishaps_ ? &*mishaps_ : nullptr; }
  /// Plays the timeline to its end, or until the run exceeds a limit, which the trace then says. An
  /// exception out of here is the lab's own fault, but for RunAbandoned.
  void run();
  const Trace& trace() const { return world_.trace(); }
  world::World& world() { return world_; }
  world::VirtualHost& device() { return phone_.device(); }
  /// What of the plan did something.
  const Uses& uses() { return servers_.uses(); }
  const settings::Configuration& configuration() { return phone_.phone().configuration(); }

 private:
  bool quiet() {
    return timeline_.quiet() && !phone_.phone().run_in_progress() && !servers_.holds_answers();
  }
  /// How it ended; nothing where the guard has stopped it.
  std::optional<std::string_view> play_out(RunGuard& guard);

  Shared<ScenarioPlan> plan_;
  world::World world_;
  PhoneHalf phone_;
  ServersHalf servers_;
  Timeline timeline_;
  std::optional<MishapMaker> mishaps_;
  std::function<void()> between_steps_;
  RunLimits limits_;
};

/// Does what an action says, to the half that it concerns.
void perform(const Action& action, PhoneHalf& phone, ServersHalf& servers);

}  // namespace provlab::lab
