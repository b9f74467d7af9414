#include "sim/lab/explore/backdrop.hpp"

#include <algorithm>
#include <map>

namespace provlab::lab {

namespace {

class TurnReader {
 public:
  TurnReader(const ScenarioPlan& plan, const Trace& trace) : plan_(plan), trace_(trace) {}

  std::vector<RuleTurn> read() {
    for (const FailPlan& rule : plan_.failures) add_times(rule, {}, everything());
    for (const LosePlan& rule : plan_.losses) {
      add_times(rule, {}, everything());
      for (const HostPlan& host : plan_.hosts) {
        if (!rule.from.empty() && rule.from != host.options.name) continue;
        add_times(rule, way_to(host), heard(host));
      }
    }
    for (const ResponderPlan& responder : plan_.responders) {
      const HostPlan& host = plan_.hosts[responder.host];
      std::visit([&](const auto& config) { add_rules(host, *config); }, responder.config);
    }
    for (const Action& action : plan_.timeline) {
      if (!action.at.anchor.empty()) continue;
      if (const auto* switched = std::get_if<SwitchResponders>(&action.what)) {
        add_action(action, switched->host);
      } else if (const auto* cable = std::get_if<MoveCable>(&action.what)) {
        add_action(action, cable->host);
      }
    }
    std::vector<RuleTurn> turns;
    for (const auto& [at, touch] : touches_) turns.push_back({at, touch});
    return turns;
  }

 private:
  static Touch everything() { return {.changed = Parts::all()}; }

  template <class Config>
  void add_rules(const HostPlan& host, const Config& config) {
    const Touch asked{.asked = heard(host).hosts};
    for (const auto& rule : config.rules) add_times(rule, way_to(host), asked);
    if constexpr (requires { config.headers; }) {
      for (const auto& rule : config.headers) add_times(rule, way_to(host), asked);
    }
  }

  void add_action(const Action& action, const std::string& name) {
    const auto host = std::ranges::find_if(
        plan_.hosts, [&](const HostPlan& each) { return each.options.name == name; });
    if (host != plan_.hosts.end()) add(Instant() + action.at.offset - way_to(*host), heard(*host));
  }

  template <class Rule>
  void add_times(const Rule& rule, Duration earlier, const Touch& touch) {
    if (rule.since) add(*rule.since - earlier, touch);
    if (rule.until) add(*rule.until - earlier, touch);
  }

  void add(Instant at, const Touch& touch) {
    if (at > Instant()) touches_[at].add(touch);
  }

  /// How long a packet of the phone is on its way there, at least.
  Duration way_to(const HostPlan& host) const {
    return plan_.link.latency + plan_.up + host.options.latency_to.value_or(host.options.latency);
  }

  Touch heard(const HostPlan& host) const {
    return {.hosts = host_bit(trace_.find_host(host.options.name).value())};
  }

  const ScenarioPlan& plan_;
  const Trace& trace_;
  std::map<Instant, Touch> touches_;
};

bool loses_by_chance(const HostPlan& host) {
  return host.options.loss > 0;
}

bool counts(const LosePlan& rule) {
  return rule.nth || rule.every;
}

}  // namespace

Backdrop backdrop_of(const ScenarioPlan& plan, const Trace& trace) {
  return {.turns = TurnReader(plan, trace).read(),
          .counts = std::ranges::any_of(plan.losses, counts),
          .chance = plan.link.jitter > Duration::zero() || plan.link.loss > 0 ||
                    std::ranges::any_of(plan.hosts, loses_by_chance)};
}

}  // namespace provlab::lab
