#pragma once
#include <map>
#include <span>
#include <vector>

#include "sim/lab/neighbours/base_run.hpp"
#include "sim/lab/neighbours/delay_gap.hpp"

namespace provlab::lab {

/// Looks between the delays of one packet, as long as unlike things happen on both sides (D73).
class CloserLook {
 public:
  /// `due`: when the packet comes in the run without a delay of it, `natural`.
  CloserLook(Instant due, const PlayedNeighbour& natural) : due_(due) {
    seen_.emplace(Duration::zero(), seen(natural));
  }

  /// A run with that delay, which nobody has looked closer at.
  void add(Duration by, const PlayedNeighbour& run) { seen_.emplace(by, seen(run)); }
  /// Opens the gaps between what was added.
  void open();
  struct Ask {
    Duration by{};
    Duration from{};  ///< the next shorter delay that was tried
  };
  /// A delay for each open gap, to be played and given to take() in this order; none where all is
  /// seen or so many were tried. Gaps from `below` on are left where the outcome is the same on
  /// both sides.
  const std::vector<Ask>& next(Duration below);
  /// Takes in what came of what next() has asked for, from the front of `runs`, and gives those
  /// behind; null is a delay that did not come about.
  std::span<const PlayedNeighbour* const> take(std::span<const PlayedNeighbour* const> runs);

 private:
  /// What is to be known of a run.
  struct Seen {
    std::uint64_t deeds = 0;
    OutcomeClass outcome;
    std::vector<std::string> broken;
    std::vector<Instant> moments;
  };
  static Seen seen(const PlayedNeighbour& run) {
    return {run.deeds, run.outcome, run.broken, run.moments};
  }
  void keep(const DelayGap& gap);
  /// Whether the outcomes on its sides differ, or only one of them passes.
  bool parts(const DelayGap& gap) const;
  Duration next_of(DelayGap& gap) const;

  Instant due_;
  std::map<Duration, Seen> seen_;
  std::vector<DelayGap> gaps_;
  std::vector<Ask> asked_;  ///< of the gaps, one each
  std::size_t tried_ = 0;
};

}  // namespace provlab::lab
