#pragma once
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "netfakes/check_sync_sender.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/play/race_gate.hpp"
#include "sim/lab/play/settings_watch.hpp"
#include "sim/phone/phone.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

/// A play is one run of one variant of a scenario: a world with the phone and the responders in it.
/// Everything that happens follows from plan, variant and seed; what happened is in trace().
class Play {
 public:
  /// Without a race's gate where `variant` orders no answers.
  Play(Shared<ScenarioPlan> plan, const Variant& variant, std::uint64_t seed);
  ~Play();
  Play(const Play&) = delete;
  Play& operator=(const Play&) = delete;

  /// Captures what passes the phone's interface; call before run().
  void capture(world::CaptureSink& sink);
  /// Called between steps of the world, when nothing is under way within one; set before run().
  void between_steps(std::function<void()> look) { between_steps_ = std::move(look); }
  /// The power of the phone fails before anything else happens, beside the timeline, and comes back
  /// after `time`: from then on the network loses nothing any more. Only between steps.
  void fail_power(Duration time);
  /// Plays the timeline to its end. An exception out of here is the lab's own fault.
  void run();
  const Trace& trace() { return world_.trace(); }
  world::World& world() { return world_; }
  world::VirtualHost& device() { return *device_; }
  const settings::Configuration& configuration() const { return phone_->configuration(); }

 private:
  struct Server {
    std::unique_ptr<netfakes::Responder> responder;
    bool running = false;
  };
  struct Pending {
    const Action* action;
    unsigned seen = 0;
    bool done = false;
  };

  void add_hosts();
  void start_responders();
  void watch();
  bool anchored(const Moment& moment, const TraceRecord& record) const;
  void schedule(const Action& action, Instant when);
  // One for each kind of action.
  void perform(const PowerOn&);
  void perform(const PowerOff&);
  void perform(const MoveCable& cable);
  void perform(const PressStart&);
  void perform(const EnterUrl& entered);
  void perform(const ChangeSetting& setting);
  void perform(const SwitchResponders& wanted);
  void perform(const SendCheckSync& sent);
  void perform(const MakeBackup&);
  void perform(const Upload& upload);
  void perform(const RestoreBackup&);
  static void switch_server(Server& server, bool running);
  bool quiet() const;
  void play_timeline();
  std::optional<bool> store_equals_memory();
  void observe_settings();
  void end_losses();
  world::VirtualHost& host_of(const std::string& id);

  Shared<ScenarioPlan> plan_;
  const Variant& variant_;
  world::World world_;
  world::VirtualHost* device_ = nullptr;
  std::vector<world::VirtualHost*> hosts_;
  std::vector<world::RuleGuard> losses_;
  std::unique_ptr<RaceGate> gate_;
  std::vector<Server> servers_;                                                ///< as in the plan
  std::map<std::string, std::unique_ptr<netfakes::CheckSyncSender>> senders_;  ///< by host
  std::unique_ptr<phone::Phone> phone_;
  std::optional<SettingsWatch> settings_watch_;
  std::string backup_;  ///< the last that was made
  std::function<void()> between_steps_;

  std::vector<Pending> pending_;  ///< actions that hang on events which have not come yet
  std::size_t outstanding_ = 0;   ///< actions that have not been performed
  EventNumber watched_ = 0;       ///< the last event of the trace that was looked at
  unsigned until_seen_ = 0;
  std::optional<Instant> until_;  ///< when it is known
  Instant last_action_{};
};

}  // namespace provlab::lab
