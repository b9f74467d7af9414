#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/lab/play/run_limits.hpp"
#include "sim/lab/soak/sightings.hpp"

/// Runs scenarios made by chance (swarm.hpp) and watches over them: no invariant may break, the
/// same seed must give the same trace, and every phone must recover.
namespace provlab::lab {

/// What went wrong in a run.
struct SoakFailure {
  std::string kind;    ///< `I4`, `recovery`, `lab`: what is shrunk keeps it
  std::string detail;  ///< a sentence without full stop
};

/// One run, by its own seed.
struct SoakRun {
  std::uint64_t seed = 0;
  std::vector<std::string> results;  ///< of the provisioning runs, in order
  std::string outcome;  ///< winners and results; what outcome classes are told apart by
  Sightings sightings;
  bool tls = false;
  bool recovered = false;  ///< the scenario's own expectations hold, invariants aside
  std::optional<SoakFailure> failure;
};

/// Makes and plays the scenario of `seed`. `twice` also compares the traces of two runs.
SoakRun soak_run(std::uint64_t seed, bool twice, const RunLimits& limits = {});
/// The same for a scenario of that kind as text, named `file`.
SoakRun soak_scenario(const std::string& scenario, const std::string& file, bool twice,
                      const RunLimits& limits = {});

/// The first run that failed in one way, and how many did.
struct FailureRow {
  SoakFailure failure;
  std::uint64_t seed = 0;
  std::size_t runs = 0;
};

struct SoakOptions {
  std::uint64_t seed = 1;  ///< run k has the seed `seed` + k
  std::size_t runs = 0;    ///< of all shards; 0: until `enough`
  std::size_t shard = 0;   ///< from 0; it has the runs k that leave this rest
  std::size_t shards = 1;  ///< when divided by this
  unsigned jobs = 0;       ///< threads; 0: one per core
  RunLimits limits{};      ///< of each run
  std::function<bool()> enough = [] { return false; };  ///< asked between batches
};

/// What came of all runs. Depends on the seed, the number of runs and the shard only.
struct SoakSummary {
  std::size_t runs = 0;
  std::size_t tls = 0;
  std::map<std::string, std::size_t> under_faults;  ///< results of runs before the last
  std::map<std::string, std::size_t> in_order;      ///< of the last
  std::set<std::string> outcomes;
  Sightings sightings;
  std::vector<FailureRow> failures;  ///< in the order of their first runs, one of a kind
};

/// How many of `options.runs` belong to its shard.
std::size_t runs_of_shard(const SoakOptions& options);

/// `progress` is called after each batch, on the calling thread.
SoakSummary soak(const SoakOptions& options,
                 const std::function<void(const SoakSummary&)>& progress);

/// A swarm scenario that fails in the way of `kind`, without everything that the failure does not
/// need (D26).
std::string shrunk_scenario(const std::string& whole, const std::string& kind,
                            const RunLimits& limits = {});

/// The shrunk scenario of the first run of a row, fit for the library. Its about names the seed,
/// the `revision` of the program and the failure.
std::string failing_scenario(const FailureRow& row, const std::string& name,
                             const std::string& revision, const RunLimits& limits = {});

}  // namespace provlab::lab
