#include "sim/lab/pages/beside_page.hpp"

#include <fmt/format.h>

#include <optional>

#include "sim/lab/comparing/compare_runs.hpp"
#include "sim/lab/comparing/comparison_text.hpp"
#include "sim/lab/pages/comparison_page.hpp"
#include "sim/lab/suite/neighbours.hpp"

namespace provlab::lab {

namespace {

/// The page of a run, without what its name ends with.
std::string stem_of(const std::string& path) {
  return path.substr(0, path.rfind('.'));
}

std::optional<BesidePage> page_beside(const SuiteReport& suite, std::size_t failed,
                                      const std::string& path) {
  const RunReport& run = suite.runs[failed];
  if (!run.detail) return std::nullopt;
  const ComparedRun a = compared_report(run);
  std::optional<ComparedRun> nearest;
  std::optional<Comparison> found;
  std::string variant;
  const auto far = [](const Comparison& each) {
    return each.alone[0].size() + each.alone[1].size();
  };
  for (const std::size_t i : passing_neighbours(suite.runs, failed)) {
    if (!suite.runs[i].detail) continue;
    ComparedRun b = compared_report(suite.runs[i]);
    Comparison each = compare_runs(a, b, Matching(a, b), {});
    if (found && far(each) >= far(*found)) continue;
    found = std::move(each);
    nearest = std::move(b);
    variant = suite.runs[i].variant;
  }
  if (!nearest) return std::nullopt;
  const std::string home = path.substr(path.rfind('/') + 1);
  return BesidePage{
      .path = stem_of(path) + "-beside.html",
      .variant = std::move(variant),
      .line = comparison_line(a, *nearest, *found),
      .page = comparison_page(drawn(a, *nearest, *found), home, "The page of the run that failed")};
}

}  // namespace

std::map<std::size_t, BesidePage> beside_pages(
    const SuiteReport& suite, const std::function<std::string(const RunReport&)>& path_of) {
  std::map<std::size_t, BesidePage> pages;
  for (const std::size_t failed : failures_with_neighbours(suite.runs)) {
    if (auto page = page_beside(suite, failed, path_of(suite.runs[failed])))
      pages.emplace(failed, std::move(*page));
  }
  return pages;
}

}  // namespace provlab::lab
