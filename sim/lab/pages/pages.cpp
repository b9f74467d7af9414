#include "sim/lab/pages/pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <set>

#include "core/platform/text.hpp"
#include "sim/lab/machine/output_file.hpp"
#include "sim/lab/machine/parallel.hpp"

namespace provlab::lab {

namespace {

/// A title in characters that every file system and every address takes.
std::string file_name_of(std::string_view title) {
  constexpr std::size_t kMost = 40;
  std::string name;
  for (const char c : title.substr(0, kMost)) {
    const bool plain = is_letter(c) || is_digit(c) || c == '-' || c == '_';
    name += plain ? c : '-';
  }
  return name;
}

}  // namespace

std::string page_path(const RunReport& run) {
  // The index has thousands of them, so the number tells variants apart.
  return fmt::format("runs/{:04}-{}.html", run.position, file_name_of(run.scenario));
}

std::vector<bool> runs_with_pages(const SuiteReport& suite, PageChoice choice) {
  std::vector<bool> with;
  std::set<std::string_view> scenarios;
  for (const RunReport& run : suite.runs) {
    const bool first = scenarios.insert(run.file).second;
    with.push_back(choice == PageChoice::all || !is_good(run.verdict.outcome) ||
                   (choice == PageChoice::sampled && first));
  }
  return with;
}

Expected<void> write_pages(const SuiteReport& suite, const std::string& folder, PageChoice choice) {
  const std::filesystem::path root(folder);
  if (const auto made = make_folder(root / "runs"); !made) return made;
  std::mutex lock;
  Expected<void> result = write_file(root / "index.html", index_page(suite, choice));
  const std::vector<bool> with = runs_with_pages(suite, choice);
  const std::map<std::size_t, BesidePage> beside = beside_pages(suite, page_path);
  // Not more than there are cores here: the suite may have run elsewhere.
  const unsigned jobs = std::min(suite.jobs, thread_count(0));
  parallel_for(suite.runs.size(), jobs, [&](std::size_t i) {
    if (!with[i]) return;
    const auto found = beside.find(i);
    const BesidePage* const other = found == beside.end() ? nullptr : &found->second;
    auto written =
        write_file(root / page_path(suite.runs[i]), run_page(suite.runs[i], folder, other));
    if (written && other != nullptr) written = write_file(root / other->path, other->page);
    const std::lock_guard guard(lock);
    if (!written && result) result = written;
  });
  return result;
}

}  // namespace provlab::lab
