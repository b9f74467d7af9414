#pragma once
#include <string>
#include <vector>

#include "sim/lab/comparing/comparison.hpp"

namespace provlab::lab {

struct MatchedRuns {
  const ComparedRun& a;
  const ComparedRun& b;
  const Matching& matching;

  const ComparedRun& run(SideName side) const { return side == SideName::a ? a : b; }
};

/// Why two runs part where they do, as sentences: what came in another order, or not at all, or by
/// the clock; what was heard before, and what had been shifted. Only what the traces say.
std::vector<std::string> reasons_for(const MatchedRuns& runs, const Comparison& found);

/// `1.3 ms`, `2.5 s`; from a minute on as people say it.
std::string gap_words(Duration gap);
/// `1.3 ms later`, `2 s sooner`.
std::string shift_words(Duration by);
/// `A` or `B`.
std::string_view letter_of(SideName side);

}  // namespace provlab::lab
