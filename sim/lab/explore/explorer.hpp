#pragma once
#include <functional>
#include <string>
#include <vector>

#include "core/settings/configuration.hpp"
#include "sim/lab/explore/delivery_order.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/play/run_limits.hpp"
#include "sim/lab/verdict/invariants.hpp"

namespace provlab::lab {

struct ExploreOptions {
  DeliveryOptions delivery;
  std::size_t depth = 0;        ///< departures from the natural order in one run, at most; 0: any
  std::size_t budget = 20'000;  ///< runs, at most
  unsigned jobs = 0;            ///< threads; 0: one per core
  std::uint64_t seed = 0;       ///< 0: the scenario's own
  RunLimits limits{};           ///< of each run
  std::function<void(std::size_t runs, std::size_t waiting)> progress;
  std::function<bool()> enough = [] { return false; };  ///< asked between batches
};

/// What can be told apart from outside.
struct OutcomeClass {
  std::string winner;          ///< of each run, separated by spaces; `none`
  std::string result;          ///< of each run; `none` where a run has no result
  std::string requests;        ///< of HTTP, in order: `GET /a.xml at prov`
  std::uint64_t settings = 0;  ///< checksum of the configuration at the end

  std::string to_string() const;
  auto operator<=>(const OutcomeClass&) const = default;
};

/// `configuration`: the phone's at the end.
OutcomeClass outcome_of(const Trace& trace, const settings::Configuration& configuration);

/// One run of an exploration, or a replay.
struct ExploredRun {
  Deviations deviations;
  std::vector<std::string> departures;  ///< in words
  std::size_t deviated = 0;             ///< how many of the deviations came about
  std::vector<Choice> choices;
  OutcomeClass outcome;
  settings::Configuration configuration;  ///< the phone's at the end
  std::vector<BrokenInvariant> broken;
  std::uint64_t checksum = 0;  ///< of the trace

  std::string token() const { return to_token(deviations); }
};

/// One outcome class, with the run of fewest departures that shows it.
struct OutcomeRow {
  OutcomeClass outcome;
  std::size_t runs = 0;
  Deviations shortest;
  std::vector<std::string> departures;
  settings::Configuration configuration;  ///< at the end of each of them
};

/// A broken invariant, with the run of fewest departures that breaks it.
struct BrokenRow {
  BrokenInvariant broken;
  std::size_t runs = 0;
  Deviations shortest;
  std::vector<std::string> departures;
};

struct Exploration {
  std::size_t runs = 0;
  std::size_t choices = 0;           ///< points where something else could have happened
  std::size_t pruned = 0;            ///< of them, those whose state was known already
  std::size_t unexplored = 0;        ///< runs that budget, depth, `enough` or a fault left out
  std::vector<OutcomeRow> outcomes;  ///< most frequent first
  std::vector<BrokenRow> broken;
  settings::Configuration natural;  ///< at the end of the run without departures
  std::string fault;  ///< of the lab, such as no memory left, which ended it early; else empty
};

/// Plays the scenario with every order of deliveries (D19): the natural one first, then in rising
/// number of departures from it. Race and expectations are left out, and the invariants are
/// watched. The result is the same for every number of jobs.
Exploration explore(const Shared<ScenarioPlan>& plan, const ExploreOptions& options);

/// A run to read: its trace as JSON lines, and its time line.
struct RunText {
  std::string json_lines;
  std::vector<std::string> narration;
};

/// Plays one run; `text` is filled where given. The same token gives the same trace.
ExploredRun replay(const Shared<ScenarioPlan>& plan, const ExploreOptions& options,
                   const Deviations& deviations, RunText* text = nullptr);

}  // namespace provlab::lab
