#include "sim/lab/play/run_limits.hpp"

#include "sim/lab/trace/lab_events.hpp"
#include "sim/lab/trace/repetition.hpp"

namespace provlab::lab {

RunGuard::RunGuard(const RunLimits& limits, world::World& world) : limits_(limits), world_(world) {
  if (limits_.clock) end_ = limits_.clock() + limits_.wall;
}

bool RunGuard::look() {
  until_look_ = kStepsBetweenLooks;
  if (world_.trace().last() > limits_.events) return take("events");
  if (world_.octets() > limits_.octets) return take("memory");
  if (limits_.enough && limits_.enough()) throw RunAbandoned();
  return end_ && limits_.clock() >= *end_ && take("wall");
}

std::string RunGuard::allowed() const {
  if (which_ == "events") return std::to_string(limits_.events);
  if (which_ == "memory") return std::to_string(limits_.octets);
  return which_ == "wall" ? to_string(limits_.wall) : std::string();
}

void RunGuard::stop(HostId host) {
  const std::string doing = what_repeats(world_.trace());
  world_.trace().record(host, world_.now(), RunStopped{which_, allowed(), doing});
}

}  // namespace provlab::lab
