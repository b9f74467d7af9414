#include "sim/lab/wired/event_order.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sim/lab/trace/narration.hpp"
#include "sim/wire/events.hpp"
#include "sim/world/events.hpp"

namespace provlab::lab {

namespace {

/// What tells events of one kind apart, and is the same whenever they happen.
constexpr std::array<std::string_view, 8> kTelling{"source", "url",     "stage", "section",
                                                   "result", "message", "name",  "what"};

bool counts(const Trace& trace, const TraceRecord& record) {
  if (trace.host_name(record.host()) != "device") return false;
  return !record.is<world::PacketSent>() && !record.is<world::PacketReceived>() &&
         !record.is<world::PacketLost>() && !record.is<wire::WorldLate>() &&
         !record.is<wire::UnreachableTold>() && !record.is<wire::AddressContested>();
}

std::string words_for(const TraceRecord& record) {
  std::string text(record.event());
  for (const std::string_view key : kTelling) {
    if (const auto value = record.field(key)) text += fmt::format(" {}={}", key, *value);
  }
  return text;
}

}  // namespace

std::vector<OrderedEvent> order_of_events(const Trace& trace) {
  std::vector<OrderedEvent> order;
  for (const TraceRecord record : trace) {
    if (counts(trace, record)) order.push_back({record.at(), words_for(record)});
  }
  return order;
}

Finding compare_order(const std::vector<OrderedEvent>& reference, const Trace& wired,
                      WallTime epoch) {
  Finding finding;
  finding.text = kOrderOnWire;
  finding.expected = "what happens to the phone comes in the order of virtual time";
  auto next = reference.begin();
  std::vector<std::string> due;  // of the instant that is compared
  const auto depart = [&](EventNumber event, std::string_view what) {
    finding.held = false;
    finding.actual = fmt::format("'{}' came where '{}' was to come", what,
                                 due.empty() ? std::string("the end") : due.front());
    finding.event = event;
    finding.slice = narrate_around(wired, event, epoch);
    return finding;
  };
  const auto fill = [&] {
    if (!due.empty()) return;
    for (const auto instant = next; next != reference.end() && next->at == instant->at; ++next) {
      due.push_back(next->words);
    }
  };
  for (const TraceRecord record : wired) {
    if (!counts(wired, record)) continue;
    fill();
    const std::string words = words_for(record);
    const auto found = std::ranges::find(due, words);
    if (found == due.end()) return depart(record.number(), words);
    due.erase(found);
  }
  fill();
  return due.empty() ? finding : depart(wired.last(), "the end");
}

}  // namespace provlab::lab
