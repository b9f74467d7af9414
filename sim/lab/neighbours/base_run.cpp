#include "sim/lab/neighbours/base_run.hpp"

#include <fmt/format.h>

#include "core/platform/checksum.hpp"
#include "netfakes/events.hpp"
#include "sim/lab/verdict/judge.hpp"
#include "sim/world/events.hpp"

namespace provlab::lab {

namespace {

/// Plays it, and calls `look` with the play, its order of deliveries and their pilot; the order is
/// null but for an exploration.
void play_base(const BaseRun& base, const Mishaps& mishaps, auto&& look) {
  Play play(base.plan, base.variant, base.seed, base.limits);
  play.suffer(mishaps);
  const Course course{.fixed = base.deviations.value_or(Deviations{})};
  CoursePilot pilot(course, base.delivery.doubles);
  std::optional<DeliveryOrder> order;
  if (base.deviations) order.emplace(play.world(), play.device(), base.delivery, pilot);
  play.run();
  look(play, order ? &*order : nullptr, pilot);
}

std::string first_word_upper(std::string_view text) {
  std::string word(text.substr(0, text.find(' ')));
  for (char& c : word) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return word;
}

std::string words_of_answer(const Trace& trace, const TraceRecord& answer) {
  const std::string kind = answer.field("kind").value_or("");
  const std::string host = trace.host_name(answer.host());
  const std::string summary = answer.field("summary").value_or("");
  if (kind == "dhcp") return fmt::format("the DHCP {} of {}", first_word_upper(summary), host);
  if (kind == "dns") return fmt::format("the DNS answer of {}", host);
  if (kind == "ntp") return fmt::format("the time answer of {}", host);
  if (kind == "redirect") return fmt::format("the redirect service's answer of {}", host);
  if (kind == "multicast" || kind == "check-sync") {
    return fmt::format("the {} of {}", first_word_upper(summary), host);
  }
  return fmt::format("the answer of {} to {}", host, answer.field("request").value_or(""));
}

std::string words_of_packet(const Trace& trace, const TraceRecord& sent) {
  const std::string host = trace.host_name(sent.host());
  const bool stream = sent.says("protocol", "tcp");
  if (stream && sent.says("octets", "0")) {
    return fmt::format("the {} of {}", sent.field("flags").value_or(""), host);
  }
  for (EventNumber event = sent.cause(); event != 0; event = trace.event(event).cause()) {
    const TraceRecord cause = trace.event(event);
    if (cause.is<netfakes::AnswerSent>()) return words_of_answer(trace, cause);
    if (cause.is<world::PacketReceived>()) break;
  }
  return fmt::format("{} of {}", stream ? "a segment" : "a datagram", host);
}

/// The event with which the packet of `arrival` came in; 0 where it did not.
EventNumber received(const Trace& trace, const MishapMaker::Arrival& arrival, HostId device) {
  for (EventNumber number = arrival.sent + 1; number <= trace.last(); ++number) {
    const TraceRecord record = trace.event(number);
    if (record.cause() == arrival.sent && record.host() == device &&
        record.is<world::PacketReceived>()) {
      return number;
    }
  }
  return 0;
}

std::vector<Instant> moments_of(const Trace& trace, HostId device) {
  std::vector<Instant> moments;
  for (const TraceRecord record : trace) {
    if (record.host() != device) continue;
    if (moments.empty() || moments.back() != record.at()) moments.push_back(record.at());
  }
  return moments;
}

/// The same whatever the order of what does not lead to each other.
std::uint64_t deeds_of(const Trace& trace) {
  std::vector<std::uint64_t> known(trace.size());
  std::uint64_t all = 0;
  for (const TraceRecord record : trace) {
    const std::uint64_t behind =
        record.cause() < trace.first() ? 0 : known[record.cause() - trace.first()];
    const std::uint64_t deed =
        checksum_of(record.event(), checksum_of(static_cast<std::uint64_t>(record.host()), behind));
    known[record.number() - trace.first()] = deed;
    all += checksum_of(deed, deed);
  }
  return all;
}

std::vector<std::string> broken_of(const Verdict& verdict) {
  std::vector<std::string> broken;
  for (const Finding& each : verdict.findings) {
    if (each.held || !each.not_judged.empty()) continue;
    broken.push_back(each.invariant.empty() ? fmt::format("line {}", each.line) : each.invariant);
  }
  if (broken.empty() && verdict.outcome != Outcome::passed) {
    broken.emplace_back(to_string(verdict.outcome));
  }
  return broken;
}

}  // namespace

std::vector<Duration> moments_from(const std::vector<Instant>& moments, Instant first) {
  std::vector<Duration> behind;
  for (const Instant moment : moments) {
    if (moment >= first) behind.push_back(moment - first);
  }
  return behind;
}

PlayedNeighbour play_neighbour(const BaseRun& base, const Mishaps& mishaps) {
  PlayedNeighbour played;
  play_base(base, mishaps, [&](Play& play, const DeliveryOrder* order, const CoursePilot& pilot) {
    const Trace& trace = play.trace();
    played.moments = moments_of(trace, play.device().id());
    played.deeds = deeds_of(trace);
    played.outcome = outcome_of(trace, play.configuration());
    played.arrivals = play.mishaps()->arrivals();
    played.came = play.mishaps()->came() == mishaps.size();
    if (order != nullptr) {
      played.departed = pilot.deviated() == base.deviations->size();
      played.departures = order->departures();
      for (const BrokenInvariant& each : broken_invariants(*base.plan, trace)) {
        played.broken.emplace_back(each.invariant.number);
      }
      return;
    }
    const Variant& came_to = variant_as_it_came(*base.plan, base.variant, trace);
    const Verdict verdict = judge(*base.plan, came_to, trace);
    played.passed = verdict.outcome == Outcome::passed;
    played.broken = broken_of(verdict);
  });
  return played;
}

std::vector<PacketWords> packet_words(const BaseRun& base, const Mishaps& mishaps,
                                      const std::vector<std::size_t>& packets) {
  std::vector<PacketWords> all(packets.size());
  play_base(base, mishaps, [&](Play& play, const DeliveryOrder*, const CoursePilot&) {
    const Trace& trace = play.trace();
    const auto& arrivals = play.mishaps()->arrivals();
    for (std::size_t i = 0; i < packets.size(); ++i) {
      if (packets[i] == 0 || packets[i] > arrivals.size()) continue;
      const MishapMaker::Arrival& arrival = arrivals[packets[i] - 1];
      if (arrival.sent == 0) continue;
      all[i] = {fmt::format("{} at {}", words_of_packet(trace, trace.event(arrival.sent)),
                            provlab::to_string(arrival.at.time_since_epoch())),
                received(trace, arrival, play.device().id()), arrival.at.time_since_epoch()};
    }
  });
  return all;
}

}  // namespace provlab::lab
