#pragma once
#include <string>
#include <vector>

#include "sim/lab/verdict/invariants/invariant.hpp"
#include "sim/record/trace.hpp"

namespace provlab::lab {

/// An invariant that a run broke.
struct BrokenInvariant {
  Invariant invariant;
  std::string actual;     ///< what happened instead: a sentence without full stop
  EventNumber event = 0;  ///< where it shows

  /// Whether it says that the run was stopped, and so breaks no promise of the phone (D46).
  bool is_of_limits() const { return invariant.number == kWithinLimits.number; }
  /// What was promised, as part of a sentence: the title with a small letter.
  std::string promise() const;
  /// `invariant I4`, or `limits of a run`.
  std::string heading() const;
};

/// What RunStopped tells, as a finding like a broken invariant (D46).
BrokenInvariant exceeded_limit(const TraceRecord& stopped);

/// Collects what broke.
class Breaches {
 public:
  /// What add() says from now on is about this invariant, at this event.
  void look_at(const Invariant& invariant, EventNumber event) {
    invariant_ = &invariant;
    event_ = event;
  }
  void add(BrokenInvariant broken) { found_.push_back(std::move(broken)); }
  void add(std::string actual) { found_.push_back({*invariant_, std::move(actual), event_}); }
  std::vector<BrokenInvariant> take() { return std::move(found_); }

 private:
  const Invariant* invariant_ = nullptr;
  EventNumber event_ = 0;
  std::vector<BrokenInvariant> found_;
};

}  // namespace provlab::lab
