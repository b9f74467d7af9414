#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/lab/language/load.hpp"
#include "sim/lab/plan/plan.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/verdict/judge.hpp"

namespace provlab::lab {

/// A whole, valid scenario in which tests change one thing. Its line numbers are those of the lines
/// below, from 1.
inline const std::string kScenario = R"(<scenario name="sample" seed="3">
  <about rules="2.8">A sample.</about>
  <device type="D200" mac="00:09:52:00:00:0E" release="2.2A"/>
  <world>
    <link latency="1ms"/>
    <host id="router" address="192.0.2.1"/>
    <host id="pbx" address="192.0.2.10"/>
    <host id="cloud" address="198.51.100.7" name="connect.redirect.auerswald.de"/>
    <host id="prov" address="198.51.100.10" name="prov.server.com" latency="10ms"/>
  </world>
  <responders>
    <dhcp host="router"/>
    <dns host="router"/>
    <ntp host="router"/>
    <redirect host="cloud"><assign id="r" url="http://prov.server.com/a.xml"/></redirect>
    <multicast host="pbx"><notify id="m" url="http://prov.server.com/b.xml"/></multicast>
    <http host="prov">
      <file path="/a.xml"><telephony><callWaiting><active>true</active></callWaiting></telephony></file>
      <file path="/b.xml"><telephony><callWaiting><tone>false</tone></callWaiting></telephony></file>
    </http>
  </responders>
  <race><answer ref="r"/><answer ref="m"/></race>
  <timeline>
    <boot at="0s"/>
  </timeline>
  <expect>
    <result is="provisioned"/>
    <winner is="first-answer"/>
  </expect>
</scenario>
)";

/// The text with the first occurrence of `from` changed to `to`.
inline std::string changed(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("not in the text: " + std::string(from));
  return text.replace(at, from.size(), to);
}

/// The sample without its race: the multicast source has nothing to say.
inline std::string without_race() {
  std::string text = changed(kScenario, R"(<race><answer ref="r"/><answer ref="m"/></race>)", "");
  text = changed(text, R"(<notify id="m" url="http://prov.server.com/b.xml"/>)", "");
  return changed(text, R"(<winner is="first-answer"/>)", "");
}

/// The same, expecting something else: what begins in line 27.
inline std::string expecting(std::string_view expectations) {
  return changed(without_race(), R"(<result is="provisioned"/>)", expectations);
}

inline std::vector<std::string> complaints(const std::string& text,
                                           const std::string& file = "s.xml",
                                           const std::string& root = {}) {
  const PlanResult plan = compile_scenario(text, file, root);
  std::vector<std::string> lines;
  if (plan) return lines;
  for (const Complaint& complaint : plan.error()) lines.push_back(complaint.to_string());
  return lines;
}

/// A plan of a text that must be valid.
inline Shared<ScenarioPlan> plan_of(const std::string& text) {
  const PlanResult plan = compile_scenario(text, "s.xml");
  if (!plan) throw std::logic_error(plan.error().front().to_string());
  return *plan;
}

/// What its first responder of a kind is told, which the plan must have.
template <class Config>
const Config& config_of(const ScenarioPlan& plan) {
  for (const ResponderPlan& responder : plan.responders) {
    if (const auto* config = std::get_if<Shared<Config>>(&responder.config)) return **config;
  }
  throw std::logic_error("no such responder");
}

inline Verdict run(const std::string& text, std::string_view variant = {}) {
  const Shared<ScenarioPlan> plan = plan_of(text);
  const Variant& chosen = variant.empty() ? plan->variants.front() : *plan->variant(variant);
  Play play(plan, chosen, plan->seed);
  play.run();
  return judge(*plan, chosen, play.trace());
}

/// What came in place of the one thing that was expected: nothing where it held. Where no run was
/// judged it is the reason.
inline std::string actual_of(const Verdict& verdict) {
  return verdict.findings.size() == 1 ? verdict.findings.front().actual : verdict.reason;
}

}  // namespace provlab::lab
