// SPEC I3: stages begin in their order and with the sources that they are made of, each source is
// asked in its stage, and no stage begins after one has given a usable URL.
#include <fmt/format.h>

#include "core/discovery/events.hpp"
#include "sim/lab/verdict/invariants/checker.hpp"

namespace provlab::lab {

namespace {

std::string sources_due(const Stages& stages, std::size_t stage) {
  std::string due;
  for (const discovery::SourceKind source : stages[stage - 1]) {
    due += due.empty() ? "" : ",";
    due += discovery::to_string(source);
  }
  return due;
}

void check_stage(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  const std::string stage = text_of(record, "stage");
  if (phone.has_winner()) {
    breaches.add(fmt::format("stage {} began after {} had won", stage, phone.run().winner));
  }
  const std::size_t due = phone.run().stage + 1;
  if (stage != std::to_string(due) || due > phone.stages().size()) {
    return breaches.add(fmt::format("stage {} began where stage {} was due", stage, due));
  }
  const std::string sources = sources_due(phone.stages(), due);
  if (record.says("sources", sources)) return;
  breaches.add(
      fmt::format("stage {} is made of {}, not of {}", due, text_of(record, "sources"), sources));
}

void check_source_of_stage(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  const std::string source = text_of(record, "source");
  if (phone.in_stage(source)) return;
  breaches.add(fmt::format("{} was asked in stage {}", source, phone.run().stage));
}

constexpr Check kStagesChecks[] = {{&kEventType<discovery::StageStarted>, check_stage},
                                   {&kEventType<discovery::SourceStarted>, check_source_of_stage}};

}  // namespace

const Checker kStagesChecker{kStagesInOrder, kStagesChecks};

}  // namespace provlab::lab
