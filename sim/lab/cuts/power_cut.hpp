#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/settings/configuration.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/play/run_limits.hpp"
#include "sim/lab/verdict/invariants.hpp"

/// One scenario, with the power cut at one place.
namespace provlab::lab {

/// How long the phone is without power.
inline constexpr Duration kOutage = std::chrono::seconds(5);

/// What a phone may have in the end whose power was cut (D34).
enum class Ending {
  uncut,   ///< what the scenario comes to without a cut
  healed,  ///< the same in a network that was in order from the start
  twice,   ///< what it comes to when the power is cut after all is over, so that it is done twice
  begun,   ///< what a phone comes to that begins with the settings which it had at the cut
  none     ///< something else: the cut has broken something
};
std::string_view to_string(Ending ending);

/// A run with a cut. Nothing of it is expected but what holds of every run, and the settings.
struct CutRun {
  EventNumber after = 0;  ///< the event behind which the power was cut
  Instant at{};
  std::string place;  ///< what that event was, as a sentence; of failed runs
  Ending ending = Ending::none;
  std::vector<std::string>
      differences;    ///< from the settings without a cut, where none explains them
  std::string store;  ///< how the store differed from the memory after the cut; empty: not at all
  std::vector<BrokenInvariant> broken;
  std::uint64_t checksum = 0;  ///< of the trace

  bool failed() const { return ending == Ending::none || !store.empty() || !broken.empty(); }
};

/// A run to read: its trace as JSON lines, and its time line.
struct CutText {
  std::string json_lines;
  std::vector<std::string> narration;
};

/// A scenario whose power can be cut, with what it comes to without. The scenario is played without
/// its race, in its own order (as in D19).
///  1. The power is cut between two steps of the world that each record something: places() has the
///  last event of each such step from the boot on.
///  2. When it comes back, every rule and every loss has ended.
///  3. Threads may share one.
class CutScenario {
 public:
  /// Whether the scenario has no timeline of its own: it boots, and then all takes its course.
  static bool fits(const ScenarioPlan& plan);
  /// An exception out of here, and out of cut(): a run that was to be compared with exceeded a
  /// limit.
  explicit CutScenario(Shared<ScenarioPlan> plan, RunLimits limits = {});

  const ScenarioPlan& plan() const { return *plan_; }
  const std::vector<EventNumber>& places() const { return places_; }
  /// Precondition: `after` is one of the places. `text` is filled where given.
  CutRun cut(EventNumber after, CutText* text = nullptr) const;

 private:
  Ending ending_of(const settings::Configuration& end, const settings::Configuration& at_cut) const;
  settings::Configuration begun_with(const settings::Configuration& begin) const;
  settings::Configuration end_of(const Shared<ScenarioPlan>& plan) const;

  Shared<ScenarioPlan> plan_;
  RunLimits limits_;
  std::vector<EventNumber> places_;
  std::vector<Instant> moments_;  ///< of the places
  settings::Configuration uncut_;
  settings::Configuration healed_;
  settings::Configuration twice_;
};

}  // namespace provlab::lab
