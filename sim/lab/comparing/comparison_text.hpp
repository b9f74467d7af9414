#pragma once
#include <string>

#include "sim/lab/comparing/comparison.hpp"

namespace provlab::lab {

/// A comparison in words, the outcome first: of what is long the beginning and the end, with the
/// count of what is between.
std::string comparison_text(const ComparedRun& a, const ComparedRun& b, const Comparison& found);
/// The same in one line, without times: runs that changed in the same way have the same.
std::string comparison_line(const ComparedRun& a, const ComparedRun& b, const Comparison& found);

/// All steps that count, those of both runs in one line: `=` both, `~` both at other times, `A` and
/// `B` one of them.
std::string steps_text(const ComparedRun& a, const ComparedRun& b, const Matching& matching);

/// `0.092000 s`.
std::string moment_words(Duration at);

}  // namespace provlab::lab
