#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "tools/explore_report.hpp"

/// Explorations that machines have shared out: their JSON read back, and put together.
namespace provlab::tools {

/// A report, and the file that it was read from.
struct ExploreShard {
  std::string file;
  ExploreReport report;
};

/// Whether JSON is an exploration; what is no JSON is none.
bool is_explore_report(std::string_view text);
/// Errors name what is missing or wrong.
Expected<ExploreReport> read_explore_report(std::string_view text, const std::string& file);

/// The parts of one exploration, put together: its classes, outcomes and findings are those that
/// one machine would have found. Errors: a part that is missing, given twice or was ended early,
/// parts of different explorations.
Expected<ExploreReport> merge_explorations(std::vector<ExploreShard> shards);

}  // namespace provlab::tools
