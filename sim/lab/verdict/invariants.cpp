#include "sim/lab/verdict/invariants.hpp"

#include <algorithm>

#include "sim/lab/verdict/invariants/checker.hpp"

namespace provlab::lab {

namespace {

constexpr const Checker* kCheckers[] = {
    &kOneResultChecker, &kPreconditionsChecker, &kStagesChecker,        &kFirstUsableUrlChecker,
    &kLosersChecker,    &kDepthFirstChecker,    &kConfigurationChecker, &kRestartChecker,
    &kReleaseChecker,   &kStoreChecker,         &kLimitsChecker};

/// All that is to be done at one kind of event.
struct Watched {
  struct Look {
    const Invariant* invariant;
    decltype(Check::look) look;
  };
  const EventType* event;
  std::vector<Look> looks;  ///< in the order of the invariants
  decltype(PhoneState::Intake::take) take = nullptr;
};

/// Few kinds of events concern anybody, and most of a trace is of others: the table keeps a verdict
/// cheap.
class WatchTable {
 public:
  WatchTable() {
    for (const Checker* checker : kCheckers) {
      for (const Check& check : checker->checks) {
        row_of(check.event).looks.push_back({&checker->invariant, check.look});
      }
    }
    for (const PhoneState::Intake& intake : PhoneState::intakes()) {
      row_of(intake.event).take = intake.take;
    }
    std::ranges::sort(rows_, {}, &Watched::event);
  }

  /// Null where nobody looks at such events.
  const Watched* find(const EventType& event) const {
    const auto found = std::ranges::lower_bound(rows_, &event, {}, &Watched::event);
    return found == rows_.end() || found->event != &event ? nullptr : &*found;
  }

 private:
  Watched& row_of(const EventType* event) {
    const auto found = std::ranges::find(rows_, event, &Watched::event);
    return found == rows_.end() ? rows_.emplace_back(event) : *found;
  }

  std::vector<Watched> rows_;  ///< by the event's address
};

}  // namespace

std::vector<BrokenInvariant> broken_invariants(const ScenarioPlan& plan, const Trace& trace) {
  static const WatchTable kTable;
  const auto device = trace.find_host("device");
  PhoneState phone(plan);
  Breaches breaches;
  for (const TraceRecord record : trace) {
    if (record.host() != device) continue;
    const Watched* watched = kTable.find(record.type());
    if (watched == nullptr) continue;
    for (const auto& [invariant, look] : watched->looks) {
      breaches.look_at(*invariant, record.number());
      look(record, phone, breaches);
    }
    if (watched->take != nullptr) (phone.*watched->take)(record);
  }
  return breaches.take();
}

}  // namespace provlab::lab
