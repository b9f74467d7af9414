// SPEC I9: at the end of a run its sockets, timers and transfers are given back, and nothing is
// left when all is over.
#include <fmt/format.h>

#include "core/service/events.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/lab/verdict/invariants/checker.hpp"

namespace provlab::lab {

namespace {

void check_released(const TraceRecord& record, const PhoneState&, Breaches& breaches) {
  if (record.says("released", "true")) return;
  breaches.add(fmt::format("run {} ended and still held something", text_of(record, "run")));
}

void check_nothing_left(const TraceRecord& record, const PhoneState&, Breaches& breaches) {
  if (!record.says("reason", "settled") || record.says("released", "true")) return;
  breaches.add("something of a run was left when all was over");
}

constexpr Check kReleaseChecks[] = {{&kEventType<service::RunEnded>, check_released},
                                    {&kEventType<ScenarioEnded>, check_nothing_left}};

}  // namespace

const Checker kReleaseChecker{kEverythingReleased, kReleaseChecks};

}  // namespace provlab::lab
