#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tools/comparing/compare_report.hpp"
#include "tools/comparing/run_loader.hpp"

namespace provlab::tools {

struct BuildRequest {
  std::string program;  ///< another build of provlab; it is A
  std::vector<std::string> files;
  LoadOptions load;
  Duration slack{};
  std::function<void(std::size_t done)> progress;  ///< so many files
};

/// Plays scenarios with another build, as a program of its own, and with this one at the same time.
/// Some files at a time, so that memory stays bounded. Where it cannot be started or writes no
/// report the error says so.
Expected<CompareReport> compare_builds(const BuildRequest& request);

}  // namespace provlab::tools
