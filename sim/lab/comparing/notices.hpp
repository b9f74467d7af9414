#pragma once
#include <string>
#include <vector>

#include "sim/lab/comparing/comparison.hpp"

namespace provlab::lab {

/// One thing that somebody would notice of a difference between two runs.
struct Notice {
  /// In words that are the same in all runs that have changed in this way.
  std::string text;
  BothSides<std::string> example;  ///< how it was and how it is in this run; empty: nothing there
};

/// What users, servers and readers of traces would notice (D60): that a fault of the program ended
/// one of them, and nothing else then; or in this order: verdict, results,
/// winners, requests, sentences, settings; where none of these but the verdict differs, what
/// servers hear, times, and last what only the phone itself records. Empty where the runs are the
/// same.
std::vector<Notice> notices(const ComparedRun& a, const ComparedRun& b, const Comparison& found);

}  // namespace provlab::lab
