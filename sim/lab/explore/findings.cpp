#include "sim/lab/explore/findings.hpp"

#include <algorithm>
#include <string_view>

namespace provlab::lab {

namespace {

/// Puts a row's run aside for one that departs less, and of equals for the one whose token is less.
template <class Row>
bool take_shorter(Row& row, const Deviations& deviations,
                  const std::vector<std::string>& departures) {
  if (std::pair(row.shortest.size(), row.shortest) <= std::pair(deviations.size(), deviations)) {
    return false;
  }
  row.shortest = deviations;
  row.departures = departures;
  return true;
}

void add_row(std::vector<OutcomeRow>& rows, const OutcomeRow& added) {
  const auto known = std::ranges::find(rows, added.outcome, &OutcomeRow::outcome);
  if (known == rows.end()) {
    rows.push_back(added);
    return;
  }
  known->runs += added.runs;
  known->orders.insert(added.orders.begin(), added.orders.end());
  if (take_shorter(*known, added.shortest, added.departures)) {
    known->configuration = added.configuration;
  }
}

void add_row(std::vector<BrokenRow>& rows, const BrokenRow& added) {
  const auto known =
      std::ranges::find(rows, added.broken.invariant.number,
                        [](const BrokenRow& row) { return row.broken.invariant.number; });
  if (known == rows.end()) {
    rows.push_back(added);
    return;
  }
  known->runs += added.runs;
  known->orders.insert(added.orders.begin(), added.orders.end());
  if (take_shorter(*known, added.shortest, added.departures)) known->broken = added.broken;
}

}  // namespace

void Exploration::add(const ExploredRun& run) {
  ++runs;
  std::set<std::uint64_t> orders;
  if (!run.steps.steps.empty()) orders.insert(run.steps.order_class);
  add_row(outcomes,
          OutcomeRow{run.outcome, 1, orders, run.deviations, run.departures, run.configuration});
  std::set<std::string_view> seen;
  for (const BrokenInvariant& fresh : run.broken) {
    if (!seen.insert(fresh.invariant.number).second) continue;
    add_row(broken, BrokenRow{fresh, 1, orders, run.deviations, run.departures});
  }
}

void Exploration::add(const Exploration& part) {
  runs += part.runs;
  choices += part.choices;
  late += part.late;
  strayed += part.strayed;
  unexplored += part.unexplored;
  pruned.independent += part.pruned.independent;
  pruned.covered += part.pruned.covered;
  pruned.beyond_window += part.pruned.beyond_window;
  pruned.known_states += part.pruned.known_states;
  for (const auto& [what, departures] : part.left) left[what] += departures;
  random.runs += part.random.runs;
  coverage.add(part.coverage);
  for (const OutcomeRow& row : part.outcomes) add_row(outcomes, row);
  for (const BrokenRow& row : part.broken) add_row(broken, row);
  std::set<std::uint64_t> orders;
  for (const OutcomeRow& row : outcomes) orders.insert(row.orders.begin(), row.orders.end());
  classes = orders.size();
}

void Exploration::sort() {
  std::ranges::sort(outcomes, [](const OutcomeRow& one, const OutcomeRow& other) {
    if (one.count() != other.count()) return one.count() > other.count();
    return one.outcome < other.outcome;
  });
  std::ranges::sort(broken, {}, [](const BrokenRow& row) { return row.broken.invariant.number; });
}

}  // namespace provlab::lab
