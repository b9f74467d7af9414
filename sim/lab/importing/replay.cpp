#include "sim/lab/importing/replay.hpp"

#include "core/discovery/events.hpp"
#include "core/service/events.hpp"
#include "sim/world/pcapng.hpp"

namespace provlab::lab {

namespace {

DraftOutcome outcome_of(const Trace& trace) {
  DraftOutcome outcome{.results = {}, .winner = {}, .url = {}};
  for (const TraceRecord& event : trace) {
    if (event.is<service::RunEnded>()) {
      outcome.results.push_back(event.field("result").value_or(""));
      outcome.ended.push_back(event.at().time_since_epoch());
    } else if (event.is<discovery::WinnerChosen>() && outcome.results.empty()) {
      outcome.winner = event.field("source").value_or("");
      outcome.url = event.field("url").value_or("");
    }
  }
  return outcome;
}

}  // namespace

Conversation conversation_in_octets(const std::string& capture, const MacAddress& mac) {
  const auto first = CaptureReader::of_octets(capture);
  SeenPhone phone{.mac = mac, .addresses = {}, .vendor_class = {}};
  if (!first) return {.phone = phone, .said = {}, .connections = {}, .remarks = {}};
  for (const SeenPhone& each : find_phones(**first).phones) {
    if (each.mac == mac) phone = each;
  }
  const auto second = CaptureReader::of_octets(capture);
  return conversation_of(phone, traffic_of(**second, phone));
}

Replay replay(const Shared<ScenarioPlan>& plan, const Variant& variant,
              const std::function<void(Play&)>& prepare) {
  // Connections that end with the play are captured too.
  world::PcapngWriter capture("eth0", plan->epoch, {});
  Play play(plan, variant, plan->seed);
  play.capture(capture);
  if (prepare) prepare(play);
  play.run();
  return {.heard = conversation_in_octets(capture.bytes(), plan->phone.identity.mac),
          .outcome = outcome_of(play.trace())};
}

}  // namespace provlab::lab
