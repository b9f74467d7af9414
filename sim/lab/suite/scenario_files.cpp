#include "sim/lab/suite/scenario_files.hpp"

#include <algorithm>
#include <filesystem>

#include "sim/lab/machine/exhaustion.hpp"
#include "sim/lab/machine/input_file.hpp"

namespace provlab::lab {

namespace {

namespace fs = std::filesystem;

/// Whether the file's first element is <scenario>. One that cannot be read may be one: loading it
/// says so.
bool is_scenario(const fs::path& path) {
  std::size_t most = 4096;
  auto start = read_start(path, most);
  if (!start) return true;
  std::string head = std::move(*start);
  for (std::size_t at = head.find('<'); at != std::string::npos; at = head.find('<', at + 1)) {
    if (head.compare(at, 4, "<!--") == 0) {
      std::size_t end = head.find("-->", at);
      while (end == std::string::npos && head.size() == most && most < kMostScenarioOctets) {
        most *= 2;
        head = read_start(path, most).value_or("");
        end = head.find("-->", at);
      }
      if (end == std::string::npos) return false;
      at = end;
    } else if (head.compare(at, 2, "<?") != 0) {
      return head.compare(at, 9, "<scenario") == 0 ||
             head.compare(at, 18, "<!DOCTYPE scenario") == 0;
    }
  }
  return false;
}

}  // namespace

Expected<std::vector<std::string>> find_scenarios(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::exists(path, error)) {
      return fail("there is no such file or folder; name scenario files or folders with them",
                  path);
    }
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> found;
    fs::recursive_directory_iterator entry(path, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      std::error_code none;
      if (entry->path().extension() == ".xml" && entry->is_regular_file(none) &&
          is_scenario(entry->path())) {
        found.push_back(entry->path().string());
      }
    }
    throw_where_exhausted(error.value());
    if (error) return fail("the folder cannot be searched: " + error.message(), path);
    std::ranges::sort(found);
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

}  // namespace provlab::lab
