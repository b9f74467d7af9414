#include "sim/lab/verdict/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

#include "core/platform/user_info.hpp"
#include "sim/lab/trace/narration.hpp"
#include "sim/lab/verdict/evidence.hpp"
#include "sim/lab/verdict/expectations/comparison.hpp"
#include "sim/lab/verdict/invariants.hpp"
#include "sim/lab/verdict/race_evidence.hpp"

namespace provlab::lab {

namespace {

Finding finding_of(const Expectation& expectation, const Evidence& evidence, bool on_wire,
                   WallTime epoch) {
  Finding finding;
  finding.line = expectation.line;
  finding.text = hide_user_info(expectation.text);
  finding.why = hide_user_info(expectation.why);
  std::optional<Departure> departure;
  std::visit(
      [&](const auto& wanted) {
        finding.expected = hide_user_info(in_words(wanted, evidence));
        departure = departure_from(wanted, evidence);
      },
      expectation.what);
  if (on_wire && !expectation.not_on_wire.empty()) {
    finding.not_judged = "not judged on a wire: " + expectation.not_on_wire;
    return finding;
  }
  if (!departure) return finding;
  finding.held = false;
  finding.actual = hide_user_info(departure->actual);
  finding.event = departure->near != 0 ? departure->near : evidence.trace().last();
  finding.slice = narrate_around(evidence.trace(), finding.event, epoch);
  return finding;
}

Finding finding_of(const BrokenInvariant& broken, const Trace& trace, WallTime epoch) {
  Finding finding;
  finding.text = broken.heading();
  finding.invariant = broken.invariant.number;
  finding.held = false;
  finding.expected = broken.promise();
  finding.actual = broken.actual;
  if (!broken.is_of_limits()) {
    finding.why = fmt::format(
        "it holds of every run, whatever the scenario expects; 'provlab list --rules {}' explains "
        "it",
        broken.invariant.number);
  }
  finding.event = broken.event;
  finding.slice = narrate_around(trace, broken.event, epoch);
  return finding;
}

/// The run was stopped before its end (D46). Invariants hold at every moment; of what was expected
/// nobody can say whether it would have come, or stayed away.
Verdict judge_stopped(const ScenarioPlan& plan, const Variant& variant, const Trace& trace,
                      const std::vector<BrokenInvariant>& broken) {
  Verdict verdict;
  verdict.outcome = Outcome::failed;
  verdict.findings.push_back(finding_of(broken.back(), trace, plan.epoch));
  std::set<std::string_view> told{broken.back().invariant.number};
  for (const BrokenInvariant& each : broken) {
    // What goes round and round breaks the same one again and again.
    if (told.insert(each.invariant.number).second) {
      verdict.findings.push_back(finding_of(each, trace, plan.epoch));
    }
  }
  for (const Expectation& expectation : plan.expectations) {
    if (!applies(expectation, variant)) continue;
    Finding& finding = verdict.findings.emplace_back();
    finding.line = expectation.line;
    finding.text = hide_user_info(expectation.text);
    finding.why = hide_user_info(expectation.why);
    finding.not_judged = "not judged: the run was stopped before its end";
  }
  return verdict;
}

/// What the timeline waited for in vain.
Finding finding_of(const Moment& missed, std::string_view element, int line) {
  Finding finding;
  finding.line = line;
  finding.text = fmt::format("<{} at=\"{}\">", element, missed.to_string());
  finding.held = false;
  finding.expected =
      fmt::format("the event {} happens, because the timeline waits for it", missed.anchor);
  finding.actual = "it never happened, so this was never done";
  return finding;
}

/// A finding for each action whose moment never came.
std::vector<Finding> unperformed(const ScenarioPlan& plan, const Evidence& evidence) {
  const auto missed = [&](const Moment& at) { return !at.anchor.empty() && !evidence.moment(at); };
  std::vector<Finding> findings;
  for (const Action& action : plan.timeline) {
    if (action.is<LookUp>()) continue;  // the expectation says so itself
    if (missed(action.at)) findings.push_back(finding_of(action.at, "timeline", action.line));
  }
  if (plan.until && missed(*plan.until)) {
    findings.push_back(finding_of(*plan.until, "timeline until", 0));
  }
  return findings;
}

}  // namespace

bool applies(const Expectation& expectation, const Variant& variant) {
  const bool on_release =
      expectation.releases.empty() ||
      std::ranges::find(expectation.releases, variant.release) != expectation.releases.end();
  return on_release && (expectation.variants.empty() ||
                        std::ranges::any_of(expectation.variants, [&](const std::string& glob) {
                          return is_called(variant, glob);
                        }));
}

const Variant& variant_as_it_came(const ScenarioPlan& plan, const Variant& variant,
                                  const Trace& trace) {
  const RaceEvidence race(plan, trace, Duration::zero());
  if (race.problem(variant).empty()) return variant;
  for (const Variant& each : plan.variants) {
    if (each.release != variant.release || (!each.missing.empty() && race.came(each.missing))) {
      continue;
    }
    if (race.problem(each).empty()) return each;
  }
  return variant;
}

bool was_stopped(const Verdict& verdict) {
  return !verdict.findings.empty() && verdict.findings.front().invariant == kWithinLimits.number;
}

Verdict judge(const ScenarioPlan& plan, const Variant& variant, const Trace& trace,
              const Judging& judging) {
  return judge(plan, variant, trace, judging, broken_invariants(plan, trace));
}

Verdict judge(const ScenarioPlan& plan, const Variant& variant, const Trace& trace,
              const Judging& judging, const std::vector<BrokenInvariant>& broken) {
  if (!broken.empty() && broken.back().is_of_limits()) {
    return judge_stopped(plan, variant, trace, broken);
  }
  Verdict verdict;
  const Evidence evidence(plan, trace, judging.slack);
  std::string problem = evidence.race().problem(variant);
  if (!problem.empty() && broken.empty()) {
    verdict.outcome = Outcome::invalid;
    verdict.reason = std::move(problem);
    verdict.line = plan.race->line;
    return verdict;
  }
  std::ranges::move(unperformed(plan, evidence), std::back_inserter(verdict.findings));
  for (const Expectation& expectation : plan.expectations) {
    if (applies(expectation, variant)) {
      verdict.findings.push_back(finding_of(expectation, evidence, judging.on_wire, plan.epoch));
    }
  }
  // Behind what the author has words for.
  for (const BrokenInvariant& each : broken) {
    verdict.findings.push_back(finding_of(each, trace, plan.epoch));
  }
  if (verdict.failed() > 0) verdict.outcome = Outcome::failed;
  return verdict;
}

}  // namespace provlab::lab
