#include "sim/lab/pages/pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "core/platform/text.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/machine/parallel.hpp"

namespace provlab::lab {

namespace {

/// A title in characters that every file system and every address takes.
std::string file_name_of(std::string_view title) {
  constexpr std::size_t kMost = 96;
  std::string name;
  for (const char c : title.substr(0, kMost)) {
    const bool plain = is_letter(c) || is_digit(c) || c == '-' || c == '_';
    name += plain ? c : '-';
  }
  return name;
}

}  // namespace

std::string page_path(const RunReport& run) {
  const std::string title =
      run.variant.empty() ? run.scenario : fmt::format("{}--{}", run.scenario, run.variant);
  return fmt::format("runs/{:04}-{}.html", run.position, file_name_of(title));
}

Expected<void> write_pages(const SuiteReport& suite, const std::string& folder) {
  const std::filesystem::path root(folder);
  if (const auto made = make_folder(root / "runs"); !made) return made;
  std::mutex lock;
  Expected<void> result = write_file(root / "index.html", index_page(suite));
  // Not more than there are cores here: the suite may have run elsewhere.
  const unsigned jobs = std::min(suite.jobs, thread_count(0));
  parallel_for(suite.runs.size(), jobs, [&](std::size_t i) {
    const auto written =
        write_file(root / page_path(suite.runs[i]), run_page(suite.runs[i], folder));
    const std::lock_guard guard(lock);
    if (!written && result) result = written;
  });
  return result;
}

}  // namespace provlab::lab
