#include "sim/lab/explore/findings.hpp"

#include <algorithm>
#include <string_view>

namespace provlab::lab {

void Exploration::add(const ExploredRun& run) {
  if (++runs == 1) natural = run.configuration;
  auto row = std::ranges::find(outcomes, run.outcome, &OutcomeRow::outcome);
  if (row == outcomes.end()) {
    row = outcomes.insert(row, {run.outcome, 0, run.deviations, run.departures, run.configuration});
  }
  ++row->runs;
  if (run.deviations.size() < row->shortest.size()) {
    row->shortest = run.deviations;
    row->departures = run.departures;
    row->configuration = run.configuration;
  }
  std::set<std::string_view> seen;
  for (const BrokenInvariant& fresh : run.broken) {
    if (!seen.insert(fresh.invariant.number).second) continue;
    auto known = std::ranges::find_if(broken, [&](const BrokenRow& each) {
      return each.broken.invariant.number == fresh.invariant.number;
    });
    if (known == broken.end()) {
      known = broken.insert(known, {fresh, 0, run.deviations, run.departures});
    }
    ++known->runs;
    if (run.deviations.size() < known->shortest.size()) {
      known->broken = fresh;
      known->shortest = run.deviations;
      known->departures = run.departures;
    }
  }
}

}  // namespace provlab::lab
