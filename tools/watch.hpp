#pragma once
#include <string>
#include <vector>

#include "sim/lab/suite/runner_options.hpp"

namespace provlab::tools {

struct WatchRequest {
  std::vector<std::string> paths;  ///< scenario files, or folders
  std::string html;                ///< where pages are kept fresh; empty: nowhere
  bool verbose = false;
  lab::RunnerOptions options;   ///< filters and variants
  std::string colour = "auto";  ///< as --color says
};

/// Runs the scenarios, and those concerned again whenever one of them, or a file that one reads,
/// was saved, until Ctrl-C. The exit code; with Ctrl-C it is 130.
int run_watch(const WatchRequest& request);

}  // namespace provlab::tools
