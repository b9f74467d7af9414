#pragma once
#include <functional>
#include <map>
#include <string>

#include "sim/lab/suite/suite_report.hpp"

namespace provlab::lab {

/// A failed run of a race beside the nearest variant that passed.
struct BesidePage {
  std::string path;     ///< `runs/0012-name-beside.html`
  std::string variant;  ///< that passed
  std::string line;     ///< what is the difference
  std::string page;
};

/// Such a page for each failed run that has one, by the place of the run; only for the first of
/// them, since each takes some comparisons. `path_of` is the path of a run's page.
std::map<std::size_t, BesidePage> beside_pages(
    const SuiteReport& suite, const std::function<std::string(const RunReport&)>& path_of);

}  // namespace provlab::lab
