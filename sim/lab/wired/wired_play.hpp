#pragma once
#include <functional>
#include <memory>
#include <optional>

#include "netfakes/plaintext_ear.hpp"
#include "sim/lab/play/phone_half.hpp"
#include "sim/lab/play/run_limits.hpp"
#include "sim/lab/play/servers_half.hpp"
#include "sim/lab/play/timeline.hpp"
#include "sim/wire/pacer.hpp"
#include "sim/world/pcapng.hpp"

namespace provlab::lab {

/// A run of one variant over a cable and by the real clock: phone and servers each have a network
/// of their own, and between these is nothing but frames on the cable's ends. Clock and trace are
/// one (D38), so the trace says what a play's would, at the times at which it really was.
class WiredPlay {
 public:
  /// The ends of a cable. `variant` must outlive it.
  WiredPlay(Shared<ScenarioPlan> plan, const Variant& variant, std::uint64_t seed,
            std::unique_ptr<wire::FrameLink> phone_end,
            std::unique_ptr<wire::FrameLink> servers_end, RunLimits limits = {});
  ~WiredPlay();
  WiredPlay(const WiredPlay&) = delete;
  WiredPlay& operator=(const WiredPlay&) = delete;

  /// Captures what passes the phone's interface; call before run().
  void capture(world::CaptureSink& sink);
  /// The same with the keys of TLS.
  void capture(world::PcapngWriter& writer);
  /// Shows all packets as they are sent, and what TLS hides; call before run(). Both must outlive
  /// it.
  void show(world::PacketWitness& witness, netfakes::PlaintextEar& ear);
  /// The same of all frames at its end of the cable.
  void keep_frames(world::PcapngWriter& writer) {
    frames_ = &writer;
    servers_.write_keys(writer);
  }
  /// Plays the timeline to its end, or to `limit` on its clock, or until the run exceeds one of its
  /// limits, which the trace then says; false where `enough`, asked now and then, has ended it
  /// before. An error where an end of the cable is gone.
  Expected<bool> run(
      Instant limit, const std::function<bool()>& enough = [] { return false; });
  const Trace& trace() { return world_.trace(); }
  /// What of the plan did something.
  const Uses& uses() { return servers_.uses(); }
  const settings::Configuration& configuration() { return phone_.phone().configuration(); }
  /// By how much it was later at most than it should be, or saw neither clock nor frames.
  Duration lateness() const;

 private:
  bool over();

  Shared<ScenarioPlan> plan_;
  world::World world_;
  world::Network& phone_network_;
  PhoneHalf phone_;
  ServersHalf servers_;
  Timeline timeline_;
  wire::Crossings crossings_;
  world::PcapngWriter* frames_ = nullptr;
  wire::Port phone_port_;
  wire::Port servers_port_;
  std::optional<wire::Pacer> pacer_;
  RunLimits limits_;
  std::optional<RunGuard> guard_;
  std::optional<Instant> settled_;  ///< when to look whether all is still quiet
  std::string_view reason_ = "limit";
};

}  // namespace provlab::lab
