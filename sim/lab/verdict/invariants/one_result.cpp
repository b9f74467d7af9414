// SPEC I1: a run that started ends once, with one result. A power cut ends a run without any.
#include <fmt/format.h>

#include "core/service/events.hpp"
#include "sim/lab/trace/lab_events.hpp"
#include "sim/lab/verdict/invariants/checker.hpp"

namespace provlab::lab {

namespace {

void check_last_run_over(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  if (!phone.run().under_way) return;
  breaches.add(fmt::format("run {} had no result yet when run {} began", phone.run().number,
                           text_of(record, "run")));
}

void check_result_awaited(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  const std::string number = text_of(record, "run");
  if (phone.run().under_way && number == phone.run().number) return;
  breaches.add(fmt::format("a result of run {} came, which was not under way", number));
}

void check_none_left(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  if (!record.says("reason", "settled") || !phone.run().under_way) return;
  breaches.add(fmt::format("run {} never ended", phone.run().number));
}

constexpr Check kOneResultChecks[] = {{&kEventType<service::RunStarted>, check_last_run_over},
                                      {&kEventType<service::RunEnded>, check_result_awaited},
                                      {&kEventType<ScenarioEnded>, check_none_left}};

}  // namespace

const Checker kOneResultChecker{kOneResult, kOneResultChecks};

}  // namespace provlab::lab
