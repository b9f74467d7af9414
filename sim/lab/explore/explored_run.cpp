#include "sim/lab/explore/explored_run.hpp"

#include <fmt/format.h>

#include <set>

#include "core/discovery/events.hpp"
#include "core/platform/checksum.hpp"
#include "core/service/events.hpp"
#include "netfakes/events.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/trace/narration.hpp"

namespace provlab::lab {

namespace {

void append(std::string& list, std::string_view separator, std::string_view item) {
  if (!list.empty()) list += separator;
  list += item;
}

}  // namespace

OutcomeClass outcome_of(const Trace& trace, const settings::Configuration& configuration) {
  OutcomeClass outcome;
  std::string winner = "none";
  bool under_way = false;
  const auto end = [&](std::string_view result) {
    append(outcome.winner, " ", winner);
    append(outcome.result, " ", result);
    winner = "none";
    under_way = false;
  };
  for (const TraceRecord record : trace) {
    if (record.is<netfakes::RequestReceived>()) {
      if (record.field("kind") != "http") continue;
      append(outcome.requests, ", ",
             fmt::format("{} at {}", record.field("request").value_or(""),
                         trace.host_name(record.host())));
    } else if (record.is<service::RunStarted>()) {
      if (under_way) end("none");
      under_way = true;
    } else if (record.is<discovery::WinnerChosen>()) {
      winner = record.field("source").value_or("");
    } else if (record.is<service::RunEnded>()) {
      end(record.field("result").value_or(""));
    }
  }
  if (under_way) end("none");
  outcome.settings = checksum_of(configuration.to_xml());
  return outcome;
}

namespace {

/// When calls of the phone's machine, and packets, begin or cease to fail.
std::vector<Instant> turns_of(const ScenarioPlan& plan) {
  std::set<Instant> turns;
  const auto add = [&](const auto& rules) {
    for (const auto& rule : rules) {
      if (rule.since) turns.insert(*rule.since);
      if (rule.until) turns.insert(*rule.until);
    }
  };
  add(plan.failures);
  add(plan.losses);
  return {turns.begin(), turns.end()};
}

ExploredRun run_with(const Shared<ScenarioPlan>& plan, const ExploreOptions& options, Pilot& pilot,
                     bool with_steps, RunText* text) {
  static const Variant kNoRace;
  Play play(plan, kNoRace, options.seed != 0 ? options.seed : plan->seed, options.limits);
  DeliveryOrder order(play.world(), play.device(), options.delivery, pilot);
  play.run();
  ExploredRun run;
  run.deviations = order.deviations();
  run.departures = order.departures();
  run.choices = order.choices();
  run.deliveries = order.deliveries();
  run.faults = order.faults();
  run.last_fault = order.last_fault();
  if (with_steps) {
    run.steps =
        steps_of(play.trace(), play.device().id(), run.deliveries, run.faults, turns_of(*plan));
  }
  run.outcome = outcome_of(play.trace(), play.configuration());
  run.configuration = play.configuration();
  run.broken = broken_invariants(*plan, play.trace());
  run.checksum = play.trace().checksum();
  if (text != nullptr) {
    text->json_lines = play.trace().json_lines();
    text->narration = narrate(play.trace(), plan->epoch);
  }
  return run;
}

}  // namespace

std::string OutcomeClass::to_string() const {
  return fmt::format("winner {}, result {}, requests {}, settings {:08x}", winner, result,
                     requests.empty() ? "none" : requests,
                     static_cast<std::uint32_t>(settings ^ settings >> 32));
}

ExploredRun replay(const Shared<ScenarioPlan>& plan, const ExploreOptions& options,
                   const Deviations& deviations, RunText* text) {
  const Course course{.fixed = deviations};
  CoursePilot pilot(course, options.delivery.doubles);
  ExploredRun run = run_with(plan, options, pilot, false, text);
  run.deviated = pilot.deviated();
  return run;
}

ExploredRun follow(const Shared<ScenarioPlan>& plan, const ExploreOptions& options,
                   const Course& course) {
  CoursePilot pilot(course, options.delivery.doubles);
  ExploredRun run = run_with(plan, options, pilot, true, nullptr);
  run.deviated = pilot.deviated();
  run.followed = pilot.followed();
  return run;
}

}  // namespace provlab::lab
