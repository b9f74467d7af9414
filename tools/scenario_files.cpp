#include "tools/scenario_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <fstream>

#include "sim/lab/runner.hpp"

namespace provlab::tools {

std::optional<std::vector<std::string>> scenario_files(std::vector<std::string> paths) {
  if (paths.empty()) paths = {"scenarios"};
  auto files = lab::find_scenarios(paths);
  if (!files) {
    fmt::print(stderr, "provlab: {}\n", files.error().to_string());
    return std::nullopt;
  }
  if (!files->empty()) return std::move(*files);
  fmt::print(stderr, "provlab: there are no scenarios in {}\n", fmt::join(paths, ", "));
  return std::nullopt;
}

bool write_report(const std::string& file, const std::string& content) {
  std::ofstream stream(file, std::ios::binary);
  stream << content;
  stream.close();
  if (stream) return true;
  fmt::print(stderr,
             "provlab: {}: the file cannot be written; check the folder and its "
             "permissions\n",
             file);
  return false;
}

}  // namespace provlab::tools
