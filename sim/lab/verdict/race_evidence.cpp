#include "sim/lab/verdict/race_evidence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/discovery/events.hpp"
#include "core/service/events.hpp"
#include "netfakes/events.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/world/events.hpp"

namespace provlab::lab {

RaceEvidence::RaceEvidence(const ScenarioPlan& plan, const Trace& trace, Duration slack)
    : plan_(plan), trace_(trace), slack_(slack) {
  if (!plan_.race) return;
  for (const std::string& answer : plan_.race->answers) {
    const auto found = plan_.race->is_timeout(answer) ? timeout() : arrival(answer);
    if (found) arrivals_.push_back(*found);
  }
  std::ranges::stable_sort(arrivals_,
                           [](const Arrival& a, const Arrival& b) { return a.before(b); });
  const Arrival* winner = first();
  for (const std::string& id : plan_.race->answers) {
    const auto target = plan_.race->targets.find(id);
    if (target == plan_.race->targets.end()) continue;
    const bool won = winner != nullptr && winner->answer == id;
    (won ? winner_targets_ : loser_targets_).push_back(target->second);
  }
}

std::optional<RaceEvidence::Arrival> RaceEvidence::arrival(const std::string& answer) const {
  for (const TraceRecord record : trace_) {
    const bool sent = record.is<netfakes::AnswerSent>() && record.says("answer", answer);
    if (!sent) continue;
    if (auto found = arrival_of(answer, record.number())) return found;
  }
  return std::nullopt;
}

std::optional<RaceEvidence::Arrival> RaceEvidence::arrival_of(const std::string& answer,
                                                              EventNumber answer_sent) const {
  std::optional<Arrival> found;
  const HostId device = trace_.find_host("device").value_or(HostId{});
  for (EventNumber number = answer_sent + 1; number <= trace_.last(); ++number) {
    const TraceRecord received = trace_.event(number);
    if (received.host() != device || !received.is<world::PacketReceived>()) continue;
    // Up the chain of causes to the answer that this packet belongs to.
    EventNumber cause = received.cause();
    const EventNumber sent = cause;
    while (cause > answer_sent && !trace_.event(cause).is<netfakes::AnswerSent>()) {
      cause = trace_.event(cause).cause();
    }
    if (cause != answer_sent) continue;
    const TraceRecord packet = trace_.event(sent);
    const Arrival here{answer, received.at(), received.number()};
    if (packet.says("protocol", "udp")) return here;
    // A stream has arrived with its last octets.
    if (!packet.says("octets", "0")) found = here;
  }
  return found;
}

/// When the phone's patience ends, or would have ended had the source not answered.
std::optional<RaceEvidence::Arrival> RaceEvidence::timeout() const {
  const RacingTimeout& timeout = *plan_.race->timeout;
  std::optional<Arrival> found;
  for (const TraceRecord record : trace_) {
    if (record.is<discovery::SourceStarted>() && record.says("source", timeout.source)) {
      found = {timeout.id, record.at() + timeout.patience, trace_.last()};
    } else if (found && record.at() >= found->at && record.at() <= found->at + slack_ &&
               record.is<discovery::SourceFailed>() && record.says("source", timeout.source)) {
      found->at = record.at();
      found->event = record.number();
    }
  }
  return found;
}

/// The first answer that came in time.
const RaceEvidence::Arrival* RaceEvidence::first() const {
  bool too_late = false;
  for (const Arrival& each : arrivals_) {
    if (plan_.race->is_timeout(each.answer)) {
      too_late = true;
    } else if (!too_late || plan_.answer(each.answer)->kind != plan_.race->timeout->source) {
      return &each;
    }
  }
  return nullptr;
}

/// What to do where a race asks for so long a gap that nobody waits for the later answer any more;
/// nothing where its gap is the usual one.
std::string RaceEvidence::advice_on_gap() const {
  const Duration usual = std::chrono::milliseconds(1) + 2 * plan_.link.jitter;
  if (plan_.race->gap <= usual) return {};
  return fmt::format(
      "; with gap=\"{}\" it leaves when the phone may have done with it: the gap must be shorter "
      "than its way to the phone; for more give the later answer an after=\"...\" and leave the "
      "race out",
      provlab::to_string(plan_.race->gap));
}

/// Why an answer did not arrive.
std::string RaceEvidence::absence(const std::string& answer) const {
  if (plan_.race->is_timeout(answer)) return "its source is not asked";
  std::string why;
  for (const TraceRecord record : trace_) {
    if (record.is<RaceAnswerHeld>() && record.says("answer", answer)) {
      why = "due, but it did not arrive";
    } else if (record.is<netfakes::AnswerFailed>() && record.says("answer", answer)) {
      why = fmt::format("due, but {}; it must be on its way by then, so give its host more latency",
                        record.field("reason").value_or(""));
    }
  }
  return why.empty() ? never_due(*plan_.answer(answer)) : why + advice_on_gap();
}

/// Why its server never got so far as to hold it ready.
std::string RaceEvidence::never_due(const NamedAnswer& answer) const {
  unsigned asked = 0;
  std::string other;  // what a request got instead
  for (const TraceRecord record : trace_) {
    if (record.says("kind", answer.kind)) {
      if (record.is<netfakes::RequestReceived>()) ++asked;
      if (record.is<netfakes::AnswerSent>() || record.is<netfakes::AnswerWithheld>()) {
        other = record.field("answer").value_or("");
      }
    }
  }
  if (asked == 0) return not_asked(answer.kind);
  return fmt::format("never due: {} request{} to {} came, and none fell to its rule{}", asked,
                     asked == 1 ? "" : "s", answer.kind,
                     other.empty() ? "" : fmt::format("; the last got '{}'", other));
}

/// Why nobody asked a server of that kind.
std::string RaceEvidence::not_asked(const std::string& source) const {
  bool started = false;
  std::string end;  // what came before it was its turn
  for (const TraceRecord record : trace_) {
    const std::string at = provlab::to_string(record.at().time_since_epoch());
    if (record.is<discovery::SourceSkipped>() && record.says("source", source)) {
      return fmt::format("never asked for: the phone skips the source {} at {}: {}", source, at,
                         record.field("reason").value_or(""));
    }
    if (record.is<discovery::SourceStarted>() && record.says("source", source)) started = true;
    if (!end.empty()) continue;
    if (record.is<discovery::WinnerChosen>()) {
      end = fmt::format("{} has won at {}", record.field("source").value_or(""), at);
    } else if (record.is<service::RunEnded>()) {
      end = fmt::format("the run ended {} at {}", record.field("result").value_or(""), at);
    }
  }
  if (started) return "never asked for: no request of the phone has reached its server";
  if (end.empty()) return "never asked for: no run of the phone came so far";
  return fmt::format("never asked for: {}, before its turn", end);
}

std::string RaceEvidence::missing_text(const Variant& variant) const {
  std::string missing;
  for (const std::string& answer : variant.order) {
    if (std::ranges::find(arrivals_, answer, &Arrival::answer) != arrivals_.end()) continue;
    missing += fmt::format("{}'{}' ({})", missing.empty() ? "" : ", ", answer, absence(answer));
  }
  return missing;
}

bool RaceEvidence::apart_as_told(const Arrival& before, const Arrival& here, bool tied) const {
  if (slack_ == Duration::zero()) return tied == (before.at == here.at);
  // On a wire two that came at once may have been taken in one turn, in their order.
  return !tied || here.at - before.at <= slack_;
}

std::string RaceEvidence::problem(const Variant& variant) const {
  if (!plan_.race || !variant.missing.empty()) return {};
  if (const std::string missing = missing_text(variant); !missing.empty()) {
    return "the race did not form: missing " + missing;
  }
  for (std::size_t i = 0; i < arrivals_.size(); ++i) {
    const Arrival& here = arrivals_[i];
    const bool in_turn = here.answer == variant.order[i];
    const bool in_time = i == 0 || apart_as_told(arrivals_[i - 1], here, variant.tied);
    if (in_turn && in_time) continue;
    const std::string at = provlab::to_string(here.at.time_since_epoch());
    if (!in_turn) {
      return fmt::format(
          "the race did not form: '{}' came at {}, where '{}' was to come; give the race a longer "
          "gap",
          here.answer, at, variant.order[i]);
    }
    return fmt::format("the race did not form: '{}' came at {} and '{}' at {}; {}",
                       arrivals_[i - 1].answer,
                       provlab::to_string(arrivals_[i - 1].at.time_since_epoch()), here.answer, at,
                       variant.tied ? "they were to come in one instant"
                                    : "they were to come one after the other");
  }
  return {};
}

bool RaceEvidence::came(std::string_view answer) const {
  return std::ranges::find(arrivals_, answer, &Arrival::answer) != arrivals_.end();
}

std::string RaceEvidence::first_source() const {
  const Arrival* winner = first();
  return winner == nullptr ? "none" : plan_.answer(winner->answer)->kind;
}

}  // namespace provlab::lab
