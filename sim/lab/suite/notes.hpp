#pragma once
#include <vector>

#include "sim/lab/suite/selection.hpp"
#include "sim/lab/suite/suite_report.hpp"

/// What scenarios hold in vain (D41), from the runs that there were.
namespace provlab::lab {

/// One note for each purpose of which nothing came in any variant of its scenario. Of a scenario
/// that has a variant without a run that passed, nothing is claimed: what did not run could have
/// needed it.
std::vector<Complaint> notes_of(const std::vector<RunReport>& runs);

/// What was not to happen at a time that never was: after the end, or counted from an event that
/// did not come. Expectations of other variants are among it, so that only what none of them had is
/// left.
std::vector<IdlePurpose> idle_windows(const ScenarioPlan& plan, const Variant& variant,
                                      const Trace& trace);

/// Adds the knobs that make no difference to what the `runs` have that were in vain: each is played
/// again without them, in virtual time, until one differs. `runs` are those `chosen`, in order.
void try_without_knobs(const std::vector<ChosenRun>& chosen, const RunnerOptions& options,
                       std::vector<RunReport>& runs);

}  // namespace provlab::lab
