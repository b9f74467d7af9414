#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "sim/lab/comparing/matching.hpp"

namespace provlab::lab {

/// One of the runs in a place of a comparison, and what it has there.
template <class T>
using BothSides = std::array<T, 2>;

/// A side of the outcome that is not the same in both.
struct FacetDifference {
  std::string name;
  BothSides<std::vector<std::string>> alone;  ///< lines that only one of them has
  bool order_only = false;                    ///< the same lines in another order
};

/// Where two runs part: the first thing of each that the other does not do.
struct Parting {
  BothSides<std::size_t> first{Step::kNone, Step::kNone};  ///< Step::kNone: nothing
  Duration at{};                                           ///< the earlier of them
  /// Why it comes to that, as far as it shows: sentences.
  std::vector<std::string> because;
};

/// A step that comes sooner or later in B, counted from what led to it.
struct Shift {
  BothSides<std::size_t> step;
  Duration by{};
};

/// What is the same in two runs, and what is not.
///  1. The outcomes are compared facet by facet, where both are known.
///  2. The runs part where one does what the other never does. What only servers of a capture say
///  is left aside: it counts by what the phone makes of it.
///  3. What both do at other times is shifted. A shift is told where it begins, and of no step that
///  follows from it. Shifts up to the slack count for nothing.
struct Comparison {
  std::vector<FacetDifference> outcome;
  std::vector<std::string> same_facets;  ///< names of those that are the same, and say something
  std::optional<Parting> parting;
  std::size_t same_before = 0;  ///< what counts of A that happened before, and is the same
  std::size_t same_in_all = 0;
  BothSides<std::vector<std::size_t>> alone;  ///< what counts, and the other does not do
  /// From where they part to where the outcome is decided: each step leads to those behind it.
  BothSides<std::vector<std::size_t>> chain;
  std::vector<Shift> shifts;         ///< where they begin, beyond the slack
  std::size_t slight = 0;            ///< those within it
  std::size_t shifted = 0;           ///< steps that come at another time, for whatever reason
  Duration furthest{};               ///< the largest difference of a time
  BothSides<std::size_t> packets{};  ///< on their way in one of them only

  bool same() const { return outcome.empty() && !parting && shifts.empty(); }
  /// Nothing but times differ.
  bool only_times() const { return outcome.empty() && !parting && !shifts.empty(); }
};

}  // namespace provlab::lab
