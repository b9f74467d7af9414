#pragma once
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace provlab::tools {

/// Scenario files among the paths that were given (default: the folder `scenarios`). Nothing where
/// a path is wrong or there are none, which it says on stderr.
std::optional<std::vector<std::string>> scenario_files(std::vector<std::string> paths);

/// Writes a file that was asked for, and makes the folders above it; says on stderr where it
/// cannot.
bool write_report(const std::string& file, std::string_view content);
/// The same; `-`: to the terminal.
bool put_or_write(const std::string& file, std::string_view content);

/// Makes the folders that files will go to, so that a wrong one is told before there is anything to
/// write; empty names are passed over. Says on stderr which cannot be made.
bool make_folders(std::initializer_list<std::string> folders);

}  // namespace provlab::tools
