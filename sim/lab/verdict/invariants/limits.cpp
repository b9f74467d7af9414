// A run that does not end by itself is stopped (D46), and that is a finding like a broken
// invariant.
#include <fmt/format.h>

#include "sim/lab/trace/lab_events.hpp"
#include "sim/lab/verdict/invariants/checker.hpp"

namespace provlab::lab {

namespace {

/// Which limit it was, and how to have another.
std::string limit_text(std::string_view limit, std::string_view allowed) {
  if (limit == "events") return fmt::format("by its event no. {} (--limit-events)", allowed);
  if (limit == "memory") return fmt::format("when it took {} octets (--limit-memory)", allowed);
  if (limit == "wall") return fmt::format("after {} by the clock (--limit-wall)", allowed);
  return "because its time stood still";
}

void check_limits(const TraceRecord& record, const PhoneState&, Breaches& breaches) {
  breaches.add(exceeded_limit(record));
}

constexpr Check kLimitChecks[] = {{&kEventType<RunStopped>, check_limits}};

}  // namespace

BrokenInvariant exceeded_limit(const TraceRecord& stopped) {
  return {kWithinLimits,
          fmt::format("it was stopped at {} of its own time, {}; {}",
                      to_string(stopped.at().time_since_epoch()),
                      limit_text(text_of(stopped, "limit"), text_of(stopped, "allowed")),
                      text_of(stopped, "doing")),
          stopped.number()};
}

const Checker kLimitsChecker{kWithinLimits, kLimitChecks};

}  // namespace provlab::lab
