#include "sim/lab/language/scenario_reader.hpp"

#include <charconv>

#include "sim/lab/language/about_reader.hpp"
#include "sim/lab/language/daemon_reader.hpp"
#include "sim/lab/language/device_reader.hpp"
#include "sim/lab/language/expectation_reader.hpp"
#include "sim/lab/language/race_reader.hpp"
#include "sim/lab/language/responders_reader.hpp"
#include "sim/lab/language/timeline_reader.hpp"
#include "sim/lab/language/world_reader.hpp"
#include "sim/text/parse.hpp"

namespace provlab::lab {

namespace {

/// The time at the start: that of the first time server.
WallTime epoch_of(const Element& scenario) {
  const auto responders = scenario.child("responders");
  const auto server = responders ? responders->child("ntp") : std::nullopt;
  const auto clock = server ? server->wall_time("clock") : std::nullopt;
  return clock.value_or(*parse_wall_time("2026-03-01T08:00:00Z"));
}

}  // namespace

void read_scenario(const Element& scenario, ScenarioPlan& plan) {
  plan.name = scenario.text("name");
  plan.line = scenario.line("name");
  if (const auto seed = scenario.get("seed")) {
    std::from_chars(seed->data(), seed->data() + seed->size(), plan.seed);
  }
  plan.epoch = scenario.context().epoch = epoch_of(scenario);
  plan.variants = {Variant{}};
  // What is named comes before what names it, whatever the order in the file.
  Names names(scenario.context(), plan);
  if (const auto about = scenario.child("about")) read_about(*about, plan);
  if (const auto world = scenario.child("world")) read_world(*world, names, plan);
  if (const auto device = scenario.child("device")) read_device(*device, names, plan);
  if (const auto responders = scenario.child("responders")) {
    read_responders(*responders, names, plan);
  }
  place_hosts(scenario, names, plan);
  check_sides(scenario, names, plan);
  if (const auto timeline = scenario.child("timeline")) read_timeline(*timeline, names, plan);
  if (const auto race = scenario.child("race")) read_race(*race, names, plan);
  if (!plan.releases.empty()) plan.variants = on_releases(plan.variants, plan.releases);
  if (const auto expect = scenario.child("expect")) read_expectations(*expect, names, plan);
  if (const auto device = scenario.child("device")) watch_knobs(*device, names, plan);
}

}  // namespace provlab::lab
