#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/contents/packet_log.hpp"
#include "sim/lab/play/run_limits.hpp"
#include "sim/lab/play/servers_half.hpp"
#include "sim/lab/play/timeline.hpp"
#include "sim/lab/serving/bench_link.hpp"
#include "sim/lab/trace/spoken_time.hpp"
#include "sim/lab/verdict/live_judge.hpp"
#include "sim/lab/verdict/wire_view.hpp"
#include "sim/wire/pacer.hpp"
#include "sim/world/world.hpp"

namespace provlab::lab {

struct WireTimes {
  Duration slack{};  ///< by so much times may be off
  Duration quiet{};  ///< a phone that says nothing for so long has done what it had to do
};

struct ServedOptions {
  WireTimes times;
  Duration patience{};  ///< so long nothing happens, and a run that lacks something is over
  std::uint64_t seed = 1;
  bool last = false;  ///< no other world comes behind: the servers go on whoever boots
  /// Is kept also where nothing is judged, however long that takes, and what packets say with it.
  bool whole_trace = false;
  RunLimits limits{};  ///< of a run that is judged
  std::function<void(const std::string& line)> tell;
  /// Called some ten times a second: whether all is to end, and errors that end it.
  std::function<Expected<bool>()> stop;
};

/// The servers of a scenario on a wire, for one boot of a real phone, in a world of their own
/// (D37).
///  1. Time is zero where the world begins, which is at the boot: the frame that boots is the first
///  that it takes.
///  2. A boot that nobody asked for belongs to the next world; one that comes before this run is
///  over breaks I8.
///  3. A run is over at `until`; else where the timeline is done, nothing is missing and the phone
///  has been quiet; else where patience ends. The servers go on until the next boot. One in which
///  nothing is judged is never over by itself.
class ServedRun {
 public:
  /// All but the options must outlive it. Nothing is judged while it only waits for a first boot.
  enum class Purpose { judged, waiting };
  ServedRun(BenchLink& bench, Shared<ScenarioPlan> plan, const Variant& variant, Purpose purpose,
            ServedOptions options);

  ~ServedRun() { bench_.detach(); }
  ServedRun(const ServedRun&) = delete;
  ServedRun& operator=(const ServedRun&) = delete;

  enum class End {
    over,    ///< everything has been seen
    booted,  ///< a boot waits for the next world
    stopped
  };
  Expected<End> serve();
  /// When it is over: until a boot waits.
  Expected<End> linger();

  /// Looks at all there was once more, so that what follows is about all of it.
  void conclude() { judge_.look(); }
  Verdict verdict() const;
  /// Whether everything that it needs for its verdict has come.
  bool complete() const { return judge_.complete() && timeline_.quiet(); }
  /// Whether it departs from what is expected, whatever may still come.
  bool departed() const { return departed_; }
  bool booted() const { return boots_ > 0; }
  /// Whether anything was said to a server.
  bool asked() const { return asked_; }
  const Trace& trace() { return world_.trace(); }
  /// What its packets said; null where the whole trace is not kept.
  const PacketLog* log() const { return options_.whole_trace ? &log_ : nullptr; }
  /// What lateness events had until it was over.
  const wire::Lag& lag() const { return lag_ ? *lag_ : pacer_.lag(); }

 private:
  Expected<End> go_on(const std::function<bool()>& over);
  BenchLink::Boot boots(MacAddress phone);
  void look();
  void narrate(const TraceRecord& record);
  void perform(const Action& action);
  void wait_for_quiet();
  bool over();
  void tell_decisions();
  void spare_memory();
  template <TraceEvent E>
  void record(const E& event) {
    world_.trace().set_cause(0);
    world_.trace().record(port_.outside().id(), world_.now(), event);
  }

  BenchLink& bench_;
  Shared<ScenarioPlan> plan_;
  Purpose purpose_;
  ServedOptions options_;
  PacketLog log_;
  world::World world_;
  ServersHalf servers_;
  wire::Port port_;
  wire::Pacer pacer_;
  Timeline timeline_;
  LiveJudge judge_;
  RunGuard guard_;
  WallColumn wall_;
  std::optional<MacAddress> phone_;
  unsigned boots_ = 0;
  unsigned boots_awaited_ = 1;  ///< this one, and those that a person was asked for
  unsigned boots_allowed_ = 1;  ///< and those that a check-sync may have asked for
  bool asked_ = false;
  bool over_ = false;
  bool departed_ = false;
  EventNumber seen_ = 0;
  Instant spoke_{};  ///< the last that passed between the phone and a server
  bool quiet_ = false;
  bool waits_for_quiet_ = false;
  std::optional<wire::Lag> lag_;
};

}  // namespace provlab::lab
