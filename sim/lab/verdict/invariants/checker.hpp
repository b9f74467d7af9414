#pragma once
#include <span>

#include "sim/lab/verdict/invariants/broken_invariant.hpp"
#include "sim/lab/verdict/invariants/phone_state.hpp"

namespace provlab::lab {

/// What a checker does at one kind of event.
struct Check {
  const EventType* event;
  /// `phone` is what it was before the event.
  void (*look)(const TraceRecord& record, const PhoneState& phone, Breaches& breaches);
};

/// Watches over one invariant.
struct Checker {
  const Invariant& invariant;
  std::span<const Check> checks;
};

// One a file, and its file begins with the promise.
extern const Checker kOneResultChecker;
extern const Checker kPreconditionsChecker;
extern const Checker kStagesChecker;
extern const Checker kFirstUsableUrlChecker;
extern const Checker kLosersChecker;
extern const Checker kDepthFirstChecker;
extern const Checker kConfigurationChecker;
extern const Checker kRestartChecker;
extern const Checker kReleaseChecker;
extern const Checker kStoreChecker;
extern const Checker kLimitsChecker;

}  // namespace provlab::lab
