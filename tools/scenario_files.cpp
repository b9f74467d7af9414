#include "tools/scenario_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>

#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/suite/scenario_files.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

/// Whether it went well; otherwise it says on stderr what did not.
bool said(const Expected<void>& result) {
  if (!result) say(stderr, "provlab: {}\n", result.error().to_string());
  return result.has_value();
}

}  // namespace

std::optional<std::vector<std::string>> scenario_files(std::vector<std::string> paths) {
  if (paths.empty()) paths = {"scenarios"};
  auto files = lab::find_scenarios(paths);
  if (!files) {
    say(stderr, "provlab: {}\n", files.error().to_string());
    return std::nullopt;
  }
  if (!files->empty()) return std::move(*files);
  say(stderr, "provlab: there are no scenarios in {}\n", fmt::join(paths, ", "));
  return std::nullopt;
}

bool write_report(const std::string& file, std::string_view content) {
  return said(lab::write_file(file, content));
}

bool put_or_write(const std::string& file, std::string_view content) {
  if (file != "-") return write_report(file, content);
  put(stdout, content);
  return true;
}

bool make_folders(std::initializer_list<std::string> folders) {
  return std::ranges::all_of(folders, [](const std::string& folder) {
    return folder.empty() || said(lab::make_folder(folder));
  });
}

}  // namespace provlab::tools
