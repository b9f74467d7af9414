#pragma once
#include <map>
#include <set>

#include "sim/lab/explore/pilot.hpp"

namespace provlab::lab {

/// What a run by priorities is drawn from.
struct PriorityCourse {
  std::uint64_t seed = 0;
  std::set<std::uint64_t> flows{};  ///< of the natural run: those among which one is the last
  std::set<std::size_t> changes{};  ///< arrivals, from 1, before which who is next is put last
};

/// Delivers by priorities (D66): probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi,
/// Nagarakatte, A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010).
/// A flow is what a thread is there, an arrival a step of it.
///  1. Each flow draws a priority. A packet waits for one that is on its way with a higher one.
///  2. A packet of the last flow waits as long as it may: who is yet to be sent could pass it.
///  3. At a change the flow that is next becomes the last.
class PriorityPilot final : public Pilot {
 public:
  /// `course` must outlive it.
  explicit PriorityPilot(const PriorityCourse& course);
  Act decide(const DuePacket& due) override;

 private:
  /// Less comes later.
  std::uint64_t priority(std::uint64_t flow) const;

  const PriorityCourse& course_;
  std::map<std::uint64_t, std::uint64_t> lowered_;  ///< what was put last, and its priority
  std::uint64_t last_ = 0;                          ///< of the flows of the natural run
  std::size_t arrived_ = 0;
  std::size_t changed_ = 0;  ///< the last change that was made
};

}  // namespace provlab::lab
