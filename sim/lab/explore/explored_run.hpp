#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/settings/configuration.hpp"
#include "sim/lab/explore/delivery_order.hpp"
#include "sim/lab/explore/priority_pilot.hpp"
#include "sim/lab/explore/steps.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/play/run_limits.hpp"
#include "sim/lab/verdict/invariants.hpp"
#include "sim/lab/verdict/outcome_class.hpp"

/// One run of an exploration.
namespace provlab::lab {

struct ExploreOptions {
  DeliveryOptions delivery;
  bool all = false;       ///< each order is played, also where swaps change nothing
  std::size_t depth = 0;  ///< departures from the natural order in one run, at most; 0: any. Else
                          ///< each order is played
  std::size_t budget = 20'000;  ///< runs, at most
  unsigned jobs = 0;            ///< threads; 0: one per core
  std::size_t random = 0;  ///< runs with random priorities, at most, where the budget has ended
  std::uint64_t random_seed = 1;  ///< of these
  unsigned shard = 0;             ///< which of the parts of the search, from 0
  unsigned shards = 1;            ///< parts that machines search side by side
  std::uint64_t seed = 0;         ///< 0: the scenario's own
  RunLimits limits{};             ///< of each run
  std::function<void(std::size_t runs, std::size_t waiting)> progress;
  std::function<bool()> enough = [] { return false; };  ///< asked between batches

  bool plays_all() const { return all || depth != 0; }
};

/// One run of an exploration, or a replay.
struct ExploredRun {
  Deviations deviations;                ///< that came about
  std::vector<std::string> departures;  ///< in words
  std::size_t deviated = 0;             ///< how many of the deviations asked for came about
  bool followed = true;                 ///< all came in the turns that were asked for
  std::vector<Choice> choices;
  std::vector<Delivery> deliveries;
  std::map<DeliveryId, Act> faults;
  std::size_t last_fault = 0;  ///< the choice of the last of them
  Steps steps;                 ///< where they were asked for
  OutcomeClass outcome;
  settings::Configuration configuration;  ///< the phone's at the end
  std::vector<BrokenInvariant> broken;
  std::uint64_t checksum = 0;  ///< of the trace

  std::string token() const { return to_token(deviations); }
};

/// As the run did up to that choice.
Course up_to(const ExploredRun& run, std::size_t choice);

/// A run to read: its trace as JSON lines, and its time line.
struct RunText {
  std::string json_lines;
  std::vector<std::string> narration;
};

/// Plays one run; `text` is filled where given. The same token gives the same trace.
ExploredRun replay(const Shared<ScenarioPlan>& plan, const ExploreOptions& options,
                   const Deviations& deviations, RunText* text = nullptr);

/// Plays one run on its course, and reads its steps.
ExploredRun follow(const Shared<ScenarioPlan>& plan, const ExploreOptions& options,
                   const Course& course);
ExploredRun follow(const Shared<ScenarioPlan>& plan, const ExploreOptions& options,
                   const PriorityCourse& course);

}  // namespace provlab::lab
