#include "sim/lab/neighbours/failed_runs.hpp"

#include "sim/lab/language/load.hpp"
#include "sim/lab/suite/run_detail.hpp"

namespace provlab::lab {

namespace {

bool can_be_explained(const RunReport& run) {
  return run.verdict.outcome == Outcome::failed && !run.on_wire && run.token.empty() &&
         run.interface.empty();
}

std::optional<BaseRun> base_of(const RunReport& run, const RunLimits& limits) {
  const PlanResult plan = load_scenario(run.file, run.sources_root);
  if (!plan) return std::nullopt;
  const Variant* const variant = (*plan)->variant(run.variant);
  if (variant == nullptr) return std::nullopt;
  return BaseRun{.plan = *plan, .variant = *variant, .seed = run.seed, .limits = limits};
}

/// Requests have URLs, and those may have passwords.
void hide_secrets_in(WhatIf& found, const BaseRun& base, Secrets::Told told) {
  Play play(base.plan, base.variant, base.seed, base.limits);
  const settings::Configuration before = play.configuration();
  play.run();
  const Secrets secrets = secrets_of({.plan = *base.plan,
                                      .trace = play.trace(),
                                      .before = &before,
                                      .after = &play.configuration()},
                                     told);
  if (found.nearest) found.nearest->words = secrets.hide(std::move(found.nearest->words));
  for (ReachableOutcome& each : found.outcomes) {
    each.words = secrets.hide(std::move(each.words));
    each.last_packet = secrets.hide(std::move(each.last_packet));
  }
}

}  // namespace

std::size_t explain_failures(SuiteReport& suite, const FailuresOptions& options) {
  std::vector<RunReport*> failed;
  for (RunReport& run : suite.runs) {
    if (can_be_explained(run)) failed.push_back(&run);
  }
  const std::size_t count = std::min(failed.size(), kMostFailuresExplained);
  std::size_t done = 0;
  try {
    for (; done < count && !options.search.enough(); ++done) {
      const auto base = base_of(*failed[done], options.limits);
      if (!base) continue;
      NeighbourOptions search = options.search;
      search.progress = [&](std::size_t neighbours) {
        if (options.progress) options.progress(done + 1, count, neighbours);
      };
      WhatIf found = search_neighbours(*base, search);
      hide_secrets_in(found, *base, options.secrets);
      failed[done]->what_if = std::move(found);
    }
  } catch (const RunAbandoned&) {
    // Somebody has ended it early; what was found by then stays.
  }
  return failed.size() - done;
}

}  // namespace provlab::lab
