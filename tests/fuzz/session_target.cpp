#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/lab/language/load.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/verdict/invariants.hpp"
#include "tests/fuzz/records.hpp"
#include "tests/fuzz/targets.hpp"

// A whole boot: the phone asks DHCP, DNS, NTP, both sources and a web server. Each record of an
// input is what one of them says in place of one of its right answers; the oracle are the
// invariants.
namespace provlab::fuzz {

namespace {

using namespace lab;
using namespace std::chrono_literals;

constexpr const char* kBoot = R"(<scenario name="session" seed="7">
  <about>A boot whose servers say what an input makes them say.</about>
  <device>
    <set path="/provisioning/sip/active" value="true"/>
    <set path="/provisioning/sip/allowlist/allowlistEntry" value="192.0.2.10"/>
    <knobs sequence="multicast+redirect, dhcp, configured" network-wait="20s" time-wait="20s"
      on-download-failure="next-source" run-limit="60s"/>
  </device>
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/all.xml"/></dhcp>
    <multicast><notify url="http://prov.server.com/all.xml"/></multicast>
    <redirect><assign url="http://prov.server.com/a.xml"/></redirect>
    <http>
      <file path="/all.xml"><referencedSettings><url>a.xml</url><url>b.xml</url><url>c.xml</url></referencedSettings></file>
      <file path="/a.xml"><telephony><callWaiting><active>true</active></callWaiting></telephony></file>
      <file path="/b.xml"><configuration><templates><template name="A"/></templates></configuration></file>
      <file path="/c.xml"><operations><delete path="/templates/template[@name='A']"/></operations></file>
    </http>
  </responders>
  <timeline><boot at="0s"/><check-sync at="20s" host="pbx" url="http://prov.server.com/b.xml"/></timeline>
  <expect><result is="provisioned"/></expect>
</scenario>)";

const ScenarioPlan& right_boot() {
  static const Shared<ScenarioPlan> plan = [] {
    prepare_language();
    return compile_scenario(kBoot, "session.xml").value();
  }();
  return *plan;
}

/// A rule that makes the nth answer of a responder what the record says.
netfakes::AnswerRule rule_of(const Record& record) {
  constexpr Duration kDelays[] = {0s, 0s, 1ms, 50ms, 900ms, 3s, 8s, 30s};
  netfakes::AnswerRule rule;
  rule.nth = netfakes::Nth(1 + record.which % 8);
  rule.answer.after = kDelays[record.when % std::size(kDelays)];
  rule.answer.silent = record.octets.empty();
  netfakes::Faults faults;
  faults.raw = Bytes(record.octets.begin(), record.octets.end());
  using Transaction = netfakes::Faults::Transaction;
  faults.transaction = record.which / 8 % 4 == 0   ? Transaction::as_it_is
                       : record.which / 8 % 4 == 1 ? Transaction::wrong
                                                   : Transaction::right;
  if (record.which >= 128) faults.copies = 2;
  rule.answer.faults = std::make_shared<const netfakes::Faults>(std::move(faults));
  return rule;
}

Shared<ScenarioPlan> boot_with(const std::vector<Record>& records) {
  auto plan = std::make_shared<ScenarioPlan>(right_boot());
  const std::size_t responders = plan->responders.size();
  for (const Record& record : records) {
    ResponderPlan& responder = plan->responders[record.kind % responders];
    std::visit(
        [&](auto& shared) {
          auto config =
              std::make_shared<std::remove_const_t<std::remove_reference_t<decltype(*shared)>>>(
                  *shared);
          static_cast<netfakes::AnswerRule&>(config->rules.emplace_back()) = rule_of(record);
          shared = std::move(config);
        },
        responder.config);
  }
  return plan;
}

}  // namespace

std::string session(std::string_view input) {
  const Shared<ScenarioPlan> plan = boot_with(read_records(input));
  Play play(plan, plan->variants.front(), plan->seed);
  play.run();
  const auto broken = broken_invariants(*plan, play.trace());
  if (!broken.empty()) {
    return fmt::format("{}: {}", broken.front().invariant.number, broken.front().actual);
  }
  if (play.trace().size() > 20'000) return fmt::format("{} events", play.trace().size());
  return {};
}

}  // namespace provlab::fuzz
