#pragma once
#include "tools/explore_report.hpp"

/// What an exploration has found, for people.
namespace provlab::tools {

/// How many runs it took, what they saw and what is left; then each outcome, and what broke.
void print_exploration(const ExploreReport& report);
/// Why not all was tried, where not all was: the end of a sentence.
std::string_view why_left(const ExploreReport& report);
/// Writes those reports that are asked for: a file each, `-` for standard output, empty for none;
/// false, and a word on stderr, where one cannot be written.
bool write_exploration(const ExploreReport& report, const std::string& json,
                       const std::string& junit);

}  // namespace provlab::tools
