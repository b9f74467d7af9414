#include "sim/lab/play/fail_rule.hpp"

#include <fmt/format.h>

#include "sim/lab/trace/lab_events.hpp"

namespace provlab::lab {

namespace {

using world::HostOperation;

/// What a call is about, as people know it.
std::string told_call(const world::HostCall& call) {
  switch (call.operation) {
    case HostOperation::sync_folder:
      return "the folder";
    case HostOperation::bind:
    case HostOperation::listen:
      return fmt::format("port {}", call.endpoint.port);
    case HostOperation::send:
    case HostOperation::connect:
      return call.endpoint.to_string();
    case HostOperation::read:
    case HostOperation::write:
    case HostOperation::sync:
    case HostOperation::rename:
    case HostOperation::remove:
      break;
  }
  return std::string(call.file);
}

bool concerns(const FailPlan& plan, const world::HostCall& call, Instant now) {
  if (plan.operation != call.operation) return false;
  if (!plan.file.empty() && plan.file != call.file) return false;
  if (plan.port != 0 && plan.port != call.endpoint.port) return false;
  if (plan.to && *plan.to != call.endpoint.address) return false;
  return (!plan.since || now >= *plan.since) && (!plan.until || now < *plan.until);
}

}  // namespace

world::HostFault fail_rules(world::VirtualHost& device, const std::vector<FailPlan>& plans,
                            Uses& uses) {
  if (plans.empty()) return {};
  return [&device, &plans, &uses, seen = std::vector<unsigned>(plans.size())](
             const world::HostCall& call) mutable -> std::optional<world::HostTrouble> {
    for (std::size_t i = 0; i < plans.size(); ++i) {
      const FailPlan& plan = plans[i];
      if (!concerns(plan, call, device.now())) continue;
      ++seen[i];
      if (plan.nth && !plan.nth->contains(seen[i])) continue;
      if (plan.every && seen[i] % *plan.every != 0) continue;
      uses.note(plan.use);
      device.record(CallFailed{plan.word, told_call(call), reason_of(plan.trouble)});
      return plan.trouble;
    }
    return std::nullopt;
  };
}

}  // namespace provlab::lab
