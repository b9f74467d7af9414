#include "sim/lab/explore/explorer.hpp"

#include <algorithm>

#include "sim/lab/explore/search.hpp"
#include "sim/lab/machine/exhaustion.hpp"
#include "sim/lab/machine/parallel.hpp"

namespace provlab::lab {

std::size_t Search::allowed(std::size_t known) const {
  const std::size_t left = options.enough() ? 0 : options.budget - std::min(options.budget, played);
  return std::min({kBatch, known, left});
}

void Search::take(const ExploredRun& run) {
  if (played++ == 0) found.natural = run.configuration;
  if (!counts) return;
  found.add(run);
  found.coverage.add(run);
  if (!options.plays_all() && classes.insert(run.steps.order_class).second) ++found.classes;
}

std::vector<ExploredRun> Search::play(std::size_t count,
                                      const std::function<ExploredRun(std::size_t)>& run) const {
  std::vector<ExploredRun> runs(count);
  parallel_for(count, options.jobs, [&](std::size_t i) { runs[i] = run(i); });
  return runs;
}

Exploration explore(const Shared<ScenarioPlan>& plan, const ExploreOptions& options) {
  Search search{.plan = plan, .options = options, .found = {}};
  // What was found by then is told also where the machine gives no more.
  try {
    options.plays_all() ? search_all_orders(search) : search_classes(search);
    const bool ended = search.found.unexplored > 0 && search.played >= options.budget;
    if (ended && options.random > 0) search_at_random(search);
  } catch (const RunAbandoned&) {
    search.found.unexplored += search.waiting;
  } catch (const std::exception& error) {
    search.found.unexplored += search.waiting;
    search.found.fault = fault_text(error);
  }
  search.found.sort();
  return std::move(search.found);
}

}  // namespace provlab::lab
