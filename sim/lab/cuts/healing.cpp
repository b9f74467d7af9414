#include "sim/lab/cuts/healing.hpp"

#include <algorithm>

namespace provlab::lab {

namespace {

bool has_rules(const netfakes::ResponderConfig& config) {
  return std::visit([](const auto& shared) { return !shared->rules.empty(); }, config);
}

template <class Config>
std::shared_ptr<const Config> with_rules_until(const Config& config, Instant moment) {
  auto ended = std::make_shared<Config>(config);
  for (auto& rule : ended->rules) rule.until = std::min(rule.until.value_or(moment), moment);
  return ended;
}

}  // namespace

Shared<ScenarioPlan> healed_at(const ScenarioPlan& plan, Instant moment) {
  auto healed = std::make_shared<ScenarioPlan>(plan);
  for (ResponderPlan& responder : healed->responders) {
    if (!has_rules(responder.config)) continue;
    responder.config = std::visit(
        [moment](const auto& shared) -> netfakes::ResponderConfig {
          return with_rules_until(*shared, moment);
        },
        responder.config);
  }
  return healed;
}

bool can_heal(const ScenarioPlan& plan) {
  const bool ruled = std::ranges::any_of(
      plan.responders, [](const ResponderPlan& each) { return has_rules(each.config); });
  const bool lossy =
      std::ranges::any_of(plan.hosts, [](const HostPlan& host) { return host.options.loss > 0; });
  return ruled || lossy || plan.link.loss > 0 || !plan.losses.empty();
}

}  // namespace provlab::lab
