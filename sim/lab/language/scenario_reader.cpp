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

namespace provlab::lab {

void read_scenario(const Element& scenario, ScenarioPlan& plan) {
  plan.name = scenario.text("name");
  plan.line = scenario.line("name");
  if (const auto seed = scenario.get("seed")) {
    std::from_chars(seed->data(), seed->data() + seed->size(), plan.seed);
  }
  plan.epoch = *parse_wall_time("2026-03-01T08:00:00Z");
  plan.variants = {Variant{}};
  // What is named comes before what names it, whatever the order in the file.
  Names names(scenario.context(), plan);
  if (const auto about = scenario.child("about")) read_about(*about, plan);
  if (const auto world = scenario.child("world")) read_world(*world, names, plan);
  if (const auto device = scenario.child("device")) read_device(*device, names, plan.phone);
  if (const auto responders = scenario.child("responders")) {
    read_responders(*responders, names, plan);
  }
  place_hosts(scenario, names, plan);
  check_sides(scenario, names, plan);
  if (const auto timeline = scenario.child("timeline")) read_timeline(*timeline, names, plan);
  if (const auto race = scenario.child("race")) read_race(*race, names, plan);
  if (const auto expect = scenario.child("expect")) read_expectations(*expect, names, plan);
  if (const auto device = scenario.child("device")) watch_knobs(*device, names, plan);
}

}  // namespace provlab::lab
