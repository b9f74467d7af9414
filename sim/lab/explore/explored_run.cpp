#include "sim/lab/explore/explored_run.hpp"

#include "sim/lab/play/play.hpp"
#include "sim/lab/trace/narration.hpp"

namespace provlab::lab {

namespace {

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
    const Backdrop backdrop = backdrop_of(*plan, play.trace());
    run.steps = steps_of(play.trace(), {.device = play.device().id(),
                                        .deliveries = run.deliveries,
                                        .faults = run.faults,
                                        .backdrop = backdrop,
                                        .waits = order.ended_waits()});
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

Course up_to(const ExploredRun& run, std::size_t choice) {
  Course course;
  course.length = choice;
  course.fixed.insert(run.deviations.begin(), run.deviations.upper_bound(choice));
  return course;
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

ExploredRun follow(const Shared<ScenarioPlan>& plan, const ExploreOptions& options,
                   const PriorityCourse& course) {
  PriorityPilot pilot(course);
  return run_with(plan, options, pilot, !options.plays_all(), nullptr);
}

}  // namespace provlab::lab
