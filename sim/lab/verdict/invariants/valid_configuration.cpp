// SPEC I7: the stored configuration is valid, and a rejected section is as it was. The lab itself
// looked at the configuration at each change (SettingsWatch, D25).
#include <fmt/format.h>

#include "sim/lab/trace/lab_events.hpp"
#include "sim/lab/verdict/invariants/checker.hpp"

namespace provlab::lab {

namespace {

void check_change(const TraceRecord& record, const PhoneState&, Breaches& breaches) {
  if (const auto problem = record.field("problem")) breaches.add(*problem);
  if (const auto stray = record.field("stray")) {
    breaches.add(fmt::format("{} changed, and no section_applied says so", *stray));
  }
}

constexpr Check kConfigurationChecks[] = {{&kEventType<ConfigurationJudged>, check_change}};

}  // namespace

const Checker kConfigurationChecker{kValidConfiguration, kConfigurationChecks};

}  // namespace provlab::lab
