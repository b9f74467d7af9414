#include "sim/lab/suite/scenario_files.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace provlab::lab {

namespace {

namespace fs = std::filesystem;

/// Whether the file's first element is <scenario>. One that cannot be read may be one: loading it
/// says so.
bool is_scenario(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return true;
  std::string head(4096, '\0');
  const auto read_on = [&stream, &head](std::size_t from) {
    stream.read(head.data() + from, static_cast<std::streamsize>(head.size() - from));
    head.resize(from + static_cast<std::size_t>(stream.gcount()));
  };
  read_on(0);
  for (std::size_t at = head.find('<'); at != std::string::npos; at = head.find('<', at + 1)) {
    if (head.compare(at, 4, "<!--") == 0) {
      std::size_t end = head.find("-->", at);
      while (end == std::string::npos && stream) {
        const std::size_t known = head.size();
        head.resize(2 * known);
        read_on(known);
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
    if (error) return fail("the folder cannot be searched: " + error.message(), path);
    std::ranges::sort(found);
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

}  // namespace provlab::lab
