#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "sim/lab/language/load.hpp"
#include "sim/lab/play/play.hpp"
#include "sim/lab/verdict/invariants.hpp"
#include "tests/fuzz/records.hpp"
#include "tests/fuzz/targets.hpp"

// A whole boot: the phone asks DHCP, DNS, NTP, both sources and a web server, and is told to check
// what there is. Each record of an input is what one of them says in place of one of its right
// answers, a check-sync, or what somebody does to the phone; the oracle are the invariants. The
// order in which the sources answer follows from how late their answers are.
namespace provlab::fuzz {

namespace {

using namespace lab;
using namespace std::chrono_literals;

constexpr const char* kBoot = R"(<scenario name="session" seed="7">
  <about>A boot whose servers say what an input makes them say.</about>
  <device>
    <configuration-file>
      <configuration><provisioning version="1.34.0"><sip>
        <active>true</active><allowlist><allowlistEntry>192.0.2.10</allowlistEntry></allowlist>
      </sip></provisioning></configuration>
    </configuration-file>
    <knobs sequence="multicast+redirect, dhcp, configured" network-wait="20s" time-wait="20s"
      on-download-failure="next-source" run-limit="60s"/>
  </device>
  <responders>
    <dhcp><option code="66" text="http://prov.server.com/all.xml"/></dhcp>
    <multicast><notify url="http://prov.server.com/all.xml"/></multicast>
    <redirect><assign url="http://prov.server.com/a.xml"/></redirect>
    <http>
      <file path="/all.xml"><referencedSettings><url>a.xml</url><url>c.xml</url></referencedSettings></file>
      <file path="/a.xml"><configuration><templates><template name="A"/></templates></configuration></file>
      <file path="/b.xml"><telephony><callWaiting><active>true</active></callWaiting></telephony></file>
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

/// A record's `which`, from the lowest bit: which of the responder's answers (3 bits); whether it
/// answers the question that was asked (2); what it is (2); once or twice (1).
struct Which {
  unsigned nth;
  netfakes::Faults::Transaction transaction;
  enum class What { octets, right, document, other } what;
  unsigned copies;

  explicit Which(unsigned octet)
      : nth(1 + octet % 8),
        transaction(octet / 8 % 4 == 0   ? netfakes::Faults::Transaction::as_it_is
                    : octet / 8 % 4 == 1 ? netfakes::Faults::Transaction::wrong
                                         : netfakes::Faults::Transaction::right),
        what(static_cast<What>(octet / 32 % 4)),
        copies(octet / 128 + 1) {}
};

std::shared_ptr<netfakes::Faults> faults_of(const Record& record, const Which& which) {
  auto faults = std::make_shared<netfakes::Faults>();
  faults->transaction = which.transaction;
  faults->copies = which.copies;
  if (which.what == Which::What::right) {  // only late, or overtaken by the next
    faults->after_next = !record.octets.empty();
  } else if (which.what != Which::What::document) {
    faults->raw = Bytes(record.octets.begin(), record.octets.end());
  }
  return faults;
}

/// What the nth answer of a responder is, by a record.
template <class Rule>
void make_rule(Rule& rule, const Record& record) {
  constexpr Duration kDelays[] = {0s, 0s, 1ms, 50ms, 900ms, 3s, 8s, 30s};
  const Which which(record.which);
  rule.nth = netfakes::Nth(which.nth);
  rule.answer.after = kDelays[record.when % std::size(kDelays)];
  rule.answer.silent = record.octets.empty() && which.what != Which::What::right;
  auto faults = faults_of(record, which);
  if (which.what == Which::What::document) {
    if constexpr (std::is_same_v<Rule, netfakes::HttpRule>) {
      auto resource = std::make_shared<netfakes::HttpResource>();
      resource->body = record.octets;
      rule.resource = std::move(resource);
    } else {
      faults->raw = Bytes(record.octets.begin(), record.octets.end());
    }
  }
  rule.answer.faults = std::move(faults);
}

/// The moments of what is not an answer: before and within the first run, while the phone is
/// idle, in the second run, and long after.
Moment moment_of(const Record& record) {
  constexpr Duration kMoments[] = {0s, 5ms, 9ms, 60ms, 2s, 20s, 20s + 30ms, 61s};
  return {.anchor = {}, .offset = kMoments[record.when % std::size(kMoments)]};
}

/// What is sent instead of the right check-sync: any datagram, or a NOTIFY with any body.
SendCheckSync check_sync_of(const Record& record) {
  const Which which(record.which);
  auto sent = std::make_shared<netfakes::CheckSync>();
  sent->repetitions = 1;
  if (which.what == Which::What::octets) {
    sent->answer.faults = faults_of(record, which);
  } else {
    sent->body = record.octets;
    if (which.what == Which::What::other) sent->event += ";reboot=true";
  }
  return {.host = which.nth == 8 ? "router" : "pbx", .check_sync = std::move(sent)};
}

/// What somebody does to the phone; what is pulled or switched off comes back.
void do_to_phone(std::vector<Action>& timeline, const Record& record) {
  constexpr Duration kPauses[] = {0s, 3ms, 700ms, 12s};
  const Moment at = moment_of(record);
  Moment later = at;
  later.offset += kPauses[record.which / 8 % std::size(kPauses)];
  const std::size_t cut = std::min(record.octets.find('='), record.octets.size());
  switch (record.which % 8) {
    case 0:
      timeline.push_back({at, PowerOff{}});
      timeline.push_back({later, PowerOn{}});
      break;
    case 1:
      timeline.push_back({at, MoveCable{.host = {}, .in = false}});
      timeline.push_back({later, MoveCable{.host = {}, .in = true}});
      break;
    case 2:
      timeline.push_back({at, PressStart{}});
      break;
    case 3:
      timeline.push_back({at, EnterUrl{record.octets}});
      timeline.push_back({later, PressStart{}});
      break;
    case 4:
      timeline.push_back(
          {at, ChangeSetting{record.octets.substr(0, cut),
                             record.octets.substr(std::min(cut + 1, record.octets.size()))}});
      break;
    case 5:
      timeline.push_back({at, Upload{record.octets}});
      break;
    case 6:
      timeline.push_back({at, MakeBackup{}});
      timeline.push_back({later, RestoreBackup{}});
      break;
    default:
      timeline.push_back({at, SwitchResponders{.host = "prov", .kind = "http", .running = false}});
      timeline.push_back(
          {later, SwitchResponders{.host = "prov", .kind = "http", .running = true}});
  }
}

/// The responder's rules, one for each of its records.
void take_rules(ResponderPlan& responder, const std::vector<const Record*>& records) {
  if (records.empty()) return;
  std::visit(
      [&](auto& shared) {
        auto config = std::make_shared<std::remove_cvref_t<decltype(*shared)>>(*shared);
        for (const Record* record : records) make_rule(config->rules.emplace_back(), *record);
        shared = std::move(config);
      },
      responder.config);
}

Shared<ScenarioPlan> boot_with(const std::vector<Record>& records) {
  auto plan = std::make_shared<ScenarioPlan>(right_boot());
  const std::size_t responders = plan->responders.size();
  std::vector<std::vector<const Record*>> said(responders);
  bool right_check_sync = true;
  for (const Record& record : records) {
    const std::size_t place = record.kind % (responders + 2);
    if (place < responders) {
      said[place].push_back(&record);
    } else if (place > responders) {
      do_to_phone(plan->timeline, record);
    } else {
      if (std::exchange(right_check_sync, false)) plan->timeline.erase(plan->timeline.begin() + 1);
      plan->timeline.push_back({moment_of(record), check_sync_of(record)});
    }
  }
  for (std::size_t i = 0; i < responders; ++i) take_rules(plan->responders[i], said[i]);
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
