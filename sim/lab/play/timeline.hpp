#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "sim/lab/plan/plan.hpp"
#include "sim/record/trace.hpp"

namespace provlab::lab {

/// A plan's timeline: which action is due when, and when the run is over. It knows no world.
///  1. begin() puts on the clock what has a moment; what hangs on an event is put there when
///  look() sees that event.
///  2. Who performs an action tells so by done().
class Timeline {
 public:
  /// Puts an action on the clock of who performs it.
  using Put = std::function<void(const Action& action, Instant when)>;
  /// The plan must outlive it.
  Timeline(const ScenarioPlan& plan, Put put);

  void begin();
  /// Takes in what was recorded since the last time. Needed only while it is watching().
  void look(const Trace& trace);
  bool watching() const { return watching_; }
  void done() { --outstanding_; }
  /// One more action, which the plan does not have.
  void add(Instant when);

  /// All actions that there will be are done.
  bool quiet() const { return outstanding_ == 0; }
  bool has_until() const { return plan_.until.has_value(); }
  const std::optional<Instant>& until() const { return until_; }  ///< when it is known
  /// It has waited long enough for events that never come.
  bool impatient(Instant now) const;
  /// So long the world goes on when all is done, to see what comes too late.
  Instant settled(Instant now) const;

 private:
  struct Pending {
    const Action* action;
    unsigned seen = 0;
    bool done = false;
  };
  static bool anchored(const Moment& moment, const TraceRecord& record);
  void schedule(const Action& action, Instant when);

  const ScenarioPlan& plan_;
  Put put_;
  std::vector<Pending> pending_;  ///< actions that hang on events which have not come yet
  std::size_t outstanding_ = 0;   ///< actions that have not been performed
  EventNumber watched_ = 0;       ///< the last event of the trace that was looked at
  unsigned until_seen_ = 0;
  std::optional<Instant> until_;
  Instant last_action_{};
  bool watching_ = false;
};

}  // namespace provlab::lab
