#include "sim/lab/soak/soak.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "core/discovery/events.hpp"
#include "core/service/events.hpp"
#include "sim/lab/language/load.hpp"
#include "sim/lab/machine/exhaustion.hpp"
#include "sim/lab/machine/parallel.hpp"
#include "sim/lab/markup/scenario_text.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/soak/shrink.hpp"
#include "sim/lab/soak/swarm.hpp"
#include "sim/lab/verdict/judge.hpp"

namespace provlab::lab {

namespace {

/// Runs between two looks at what came of them; no number of jobs changes it.
constexpr std::size_t kBatch = 256;
/// One run in so many is played twice (SPEC I11).
constexpr std::uint64_t kTwice = 64;
/// The last actions of a swarm scenario put everything in order and provision the phone.
constexpr std::size_t kHealing = 4;
constexpr const char* kName = "swarm";

void read_trace(const Trace& trace, SoakRun& run) {
  std::string winner = "none";
  for (const TraceRecord record : trace) {
    if (record.is<discovery::WinnerChosen>()) {
      winner = record.field("source").value_or("");
    } else if (record.is<service::RunEnded>()) {
      run.results.push_back(record.field("result").value_or(""));
      run.outcome += fmt::format("{}:{} ", winner, run.results.back());
      winner = "none";
    }
  }
  run.sightings = sightings_of(trace);
}

void take_verdict(const ScenarioPlan& plan, const Trace& trace, SoakRun& run) {
  const Verdict verdict = judge(plan, plan.variants.front(), trace);
  run.recovered = true;
  for (const Finding& finding : verdict.findings) {
    if (finding.held || finding.line == 0) continue;
    run.recovered = false;
    run.failure = SoakFailure{"recovery", finding.actual};
  }
  // A broken invariant outweighs what was expected.
  const auto broken = std::ranges::find_if(
      verdict.findings, [](const Finding& finding) { return !finding.invariant.empty(); });
  if (broken != verdict.findings.end()) run.failure = {broken->invariant, broken->actual};
}

bool heals(pugi::xml_node action) {
  const pugi::xml_node timeline = action.parent();
  if (std::string_view(timeline.name()) != "timeline") return false;
  std::size_t behind = 0;
  for (auto next = action.next_sibling(); next; next = next.next_sibling()) ++behind;
  return behind < kHealing;
}

bool must_stay(pugi::xml_node element) {
  return std::string_view(element.name()) == "expect" || heals(element);
}

void leave_faults_out(pugi::xml_node parent) {
  for (pugi::xml_node child = parent.first_child(); child;) {
    const pugi::xml_node next = child.next_sibling();
    const bool accident = std::string_view(parent.name()) == "timeline" && !heals(child) &&
                          std::string_view(child.name()) != "boot";
    if (child.attribute("until") || accident) {
      parent.remove_child(child);
    } else {
      leave_faults_out(child);
    }
    child = next;
  }
}

/// The scenario without the faults of its first phase.
std::string without_faults(const std::string& scenario) {
  pugi::xml_document document = scenario_tree(scenario);
  leave_faults_out(document.document_element());
  return scenario_text(document);
}

SoakRun played(const std::string& scenario, const std::string& kind, const RunLimits& limits) {
  return soak_scenario(scenario, kName, kind == "I11", limits);
}

bool fails(const SoakRun& run, const std::string& kind) {
  return run.failure && run.failure->kind == kind;
}

}  // namespace

SoakRun soak_scenario(const std::string& scenario, const std::string& file, bool twice,
                      const RunLimits& limits) {
  SoakRun run;
  const PlanResult plan = compile_scenario(scenario, file);
  if (!plan) {
    run.failure = {"invalid", plan.error().front().to_string()};
    return run;
  }
  try {
    const Variant& variant = (*plan)->variants.front();
    Play play(*plan, variant, (*plan)->seed, limits);
    play.run();
    read_trace(play.trace(), run);
    take_verdict(**plan, play.trace(), run);
    if (twice && !run.failure) {
      Play again(*plan, variant, (*plan)->seed, limits);
      again.run();
      if (again.trace().checksum() != play.trace().checksum()) {
        run.failure = {"I11", "two runs with the same seed have different traces"};
      }
    }
  } catch (const std::exception& error) {
    run.failure = {"lab", fault_text(error)};
  }
  return run;
}

SoakRun soak_run(std::uint64_t seed, bool twice, const RunLimits& limits) {
  const std::string scenario = swarm_scenario(seed, kName);
  SoakRun run = soak_scenario(scenario, kName, twice, limits);
  run.seed = seed;
  run.tls = scenario.find(" tls=") != std::string::npos;
  return run;
}

std::size_t runs_of_shard(const SoakOptions& options) {
  return options.runs / options.shards + (options.shard < options.runs % options.shards ? 1 : 0);
}

SoakSummary soak(const SoakOptions& options,
                 const std::function<void(const SoakSummary&)>& progress) {
  prepare_language();
  SoakSummary summary;
  const auto take = [&](const SoakRun& run) {
    ++summary.runs;
    if (run.tls) ++summary.tls;
    for (std::size_t i = 0; i < run.results.size(); ++i) {
      ++(i + 1 < run.results.size() ? summary.under_faults : summary.in_order)[run.results[i]];
    }
    summary.outcomes.insert(run.outcome);
    summary.sightings |= run.sightings;
    if (!run.failure) return;
    auto known = std::ranges::find_if(summary.failures, [&](const FailureRow& row) {
      return row.failure.kind == run.failure->kind;
    });
    if (known == summary.failures.end()) {
      known = summary.failures.insert(known, {*run.failure, run.seed, 0});
    }
    ++known->runs;
  };
  const bool endless = options.runs == 0;
  const std::size_t mine = runs_of_shard(options);
  while ((endless || summary.runs < mine) && !options.enough()) {
    std::vector<SoakRun> batch(endless ? kBatch : std::min(kBatch, mine - summary.runs));
    try {
      parallel_for(batch.size(), options.jobs, [&](std::size_t i) {
        const std::uint64_t seed =
            options.seed + options.shard + (summary.runs + i) * options.shards;
        batch[i] = soak_run(seed, seed % kTwice == 0, options.limits);
      });
    } catch (const RunAbandoned&) {
      break;  // what counts is the same for every number of jobs
    }
    for (const SoakRun& run : batch) take(run);
    if (progress) progress(summary);
  }
  return summary;
}

std::string shrunk_scenario(const std::string& whole, const std::string& kind,
                            const RunLimits& limits) {
  if (kind == "invalid") return whole;
  if (kind != "recovery") {
    // Where the phone recovers in spite of the failure, it must recover in the shrunk scenario too:
    // that one is to pass once the failure is mended.
    const bool recovers = played(whole, kind, limits).recovered;
    return shrink(whole,
                  [&](const std::string& each) {
                    const SoakRun run = played(each, kind, limits);
                    return fails(run, kind) && (run.recovered || !recovers);
                  },
                  {.keep = must_stay});
  }
  // A scenario that fails without faults lacks something that no fault took away. Shrinking would
  // only take away more, so the faults alone are left out.
  const std::string plain = without_faults(whole);
  if (fails(played(plain, kind, limits), kind)) return plain;
  return shrink(whole,
                [&](const std::string& each) {
                  return fails(played(each, kind, limits), kind) &&
                         !played(without_faults(each), kind, limits).failure;
                },
                {.keep = must_stay});
}

std::string failing_scenario(const FailureRow& row, const std::string& name,
                             const std::string& revision, const RunLimits& limits) {
  const std::string& kind = row.failure.kind;
  const std::string text = shrunk_scenario(swarm_scenario(row.seed, kName), kind, limits);
  const SoakRun run = played(text, kind, limits);
  std::string detail = run.failure ? run.failure->detail : row.failure.detail;
  if (!detail.ends_with('.')) detail += '.';
  pugi::xml_document document = scenario_tree(text);
  pugi::xml_node scenario = document.document_element();
  scenario.attribute("name") = name.c_str();
  scenario.child("about").text().set(
      fmt::format("Found by soak with seed {} in revision {}, {}: {}", row.seed, revision, kind,
                  detail)
          .c_str());
  return scenario_text(document);
}

}  // namespace provlab::lab
