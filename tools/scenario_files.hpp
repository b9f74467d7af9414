#pragma once
#include <optional>
#include <string>
#include <vector>

namespace provlab::tools {

/// Scenario files among the paths that were given (default: the folder `scenarios`). Nothing where
/// a path is wrong or there are none, which it says on stderr.
std::optional<std::vector<std::string>> scenario_files(std::vector<std::string> paths);

/// Writes a report; says on stderr where it cannot.
bool write_report(const std::string& file, const std::string& content);

}  // namespace provlab::tools
