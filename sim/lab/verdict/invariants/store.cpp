// SPEC I10: the store holds what the memory holds. The lab compared them when the scenario ended.
#include <fmt/format.h>

#include "sim/lab/trace/lab_events.hpp"
#include "sim/lab/verdict/invariants/checker.hpp"

namespace provlab::lab {

namespace {

void check_store(const TraceRecord& record, const PhoneState&, Breaches& breaches) {
  if (record.says("stored", "false")) breaches.add("they differ when all is over");
}

constexpr Check kStoreChecks[] = {{&kEventType<ScenarioEnded>, check_store}};

}  // namespace

const Checker kStoreChecker{kStoreIsMemory, kStoreChecks};

}  // namespace provlab::lab
