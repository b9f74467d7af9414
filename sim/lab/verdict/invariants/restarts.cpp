// SPEC I8: the phone boots as often as the timeline and NOTIFYs have told it to, never by itself.
#include <fmt/format.h>

#include "sim/lab/plan/expectation.hpp"
#include "sim/lab/verdict/invariants/checker.hpp"
#include "sim/phone/events.hpp"

namespace provlab::lab {

namespace {

void check_boot(const TraceRecord&, const PhoneState& phone, Breaches& breaches) {
  const unsigned boots = phone.boots() + 1;
  const unsigned allowed = phone.boots_allowed();
  if (boots <= allowed) return;
  breaches.add(fmt::format("it booted {}, and was told to {}", times_text(boots),
                           allowed == 0 ? "not at all" : times_text(allowed)));
}

constexpr Check kRestartChecks[] = {{&kEventType<phone::PoweredOn>, check_boot}};

}  // namespace

const Checker kRestartChecker{kNoRestart, kRestartChecks};

}  // namespace provlab::lab
