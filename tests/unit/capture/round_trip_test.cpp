#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "sim/lab/importing/importer.hpp"
#include "sim/lab/importing/replay.hpp"
#include "sim/lab/language/load.hpp"
#include "tests/temporary_folder.hpp"

/// From a scenario of the library to its capture, from that to an imported scenario, and from that
/// to a capture again: the phone asks the same in the same order.
namespace provlab::lab {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> library() {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(PROVLAB_SOURCE_DIR) / "scenarios")) {
    if (entry.path().extension() != ".xml") continue;
    std::ifstream file(entry.path());
    std::string start(9, '\0');
    file.read(start.data(), 9);
    if (start == "<scenario") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

/// Why the way there and back does not end where it began; empty: it does.
std::string trip_problem(const Shared<ScenarioPlan>& plan, const std::string& folder) {
  const Replay original = replay(plan, plan->variants.front());
  if (original.heard.said.empty()) return {};
  const auto import =
      import_heard(original.heard, {.capture = {}, .folder = folder, .name = "trip", .keep = true});
  if (!import) return import.error().to_string();
  if (!import->complaints.empty()) return "invalid: " + import->complaints.front().to_string();
  if (import->divergence) return import->divergence->text;
  if (import->outcome.results != original.outcome.results) {
    return fmt::format("its results are {} and were {}", fmt::join(import->outcome.results, " "),
                       fmt::join(original.outcome.results, " "));
  }
  return {};
}

TEST(RoundTrip, LibraryComesBackFromItsCaptures) {
  prepare_language();
  const test::TemporaryFolder folder;
  std::size_t tried = 0;
  std::size_t same = 0;
  for (const fs::path& file : library()) {
    const PlanResult plan = load_scenario(file.string());
    if (!plan || !(*plan)->daemons.empty()) continue;
    ++tried;
    const std::string problem = trip_problem(*plan, folder.path());
    same += problem.empty() ? 1 : 0;
    if (!problem.empty()) {
      std::cout << fs::relative(file, fs::path(PROVLAB_SOURCE_DIR) / "scenarios").string() << ": "
                << problem.substr(0, 300) << '\n';
    }
  }
  const double rate = 100.0 * static_cast<double>(same) / static_cast<double>(tried);
  std::cout << fmt::format("{} of {} scenarios came back ({:.1f} %)\n", same, tried, rate);
  EXPECT_GT(tried, 500U);
  EXPECT_GE(rate, 60.0);
}

}  // namespace
}  // namespace provlab::lab
