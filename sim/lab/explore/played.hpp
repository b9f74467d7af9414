#pragma once
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sim/lab/explore/explored_run.hpp"

/// Runs that were played, by what came about in them.
namespace provlab::lab {

/// The number of a step together with what was before it that matters to it.
using Occurrence = std::uint32_t;

class Played {
 public:
  /// What stands for the end of that wait among steps.
  static std::uint64_t end_of_wait(std::uint64_t wait) { return wait ^ 0x9e3779b97f4a7c15ULL; }

  /// What came about in it, by its steps.
  std::vector<Occurrence> add(const ExploredRun& run);

  /// Whether a run with these faults goes on from what comes and then the step or the end of the
  /// wait `last`: `comes` (sorted) came about in it, and nothing else had to before that step.
  bool stand_for(const std::vector<Occurrence>& comes, std::uint64_t last,
                 const std::map<DeliveryId, Act>& faults) const;

 private:
  struct Run {
    std::vector<Occurrence> came;        ///< sorted
    std::vector<DeliveryId> arrived;     ///< sorted
    std::map<DeliveryId, Act> faults{};  ///< that came about
  };

  std::pair<Occurrence, bool> number_of(std::uint64_t mark, std::uint64_t step);
  static bool fails_alike(const Run& run, const std::map<DeliveryId, Act>& faults);
  bool has_come(std::vector<Occurrence> comes, Occurrence last,
                const std::map<DeliveryId, Act>& faults) const;

  std::map<std::uint64_t, Occurrence> numbers_;               // by the mark
  std::map<std::uint64_t, std::vector<Occurrence>> of_step_;  // by its id
  std::vector<std::vector<Occurrence>> before_;               // sorted
  std::vector<std::vector<std::size_t>> with_;                // runs
  std::vector<Run> runs_;
};

}  // namespace provlab::lab
