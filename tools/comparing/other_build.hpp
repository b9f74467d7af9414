#pragma once
#include <functional>
#include <string>
#include <vector>

#include "tools/comparing/build_report.hpp"
#include "tools/comparing/run_loader.hpp"

namespace provlab::tools {

struct BuildRequest {
  std::string program;  ///< another build of provlab; it is A
  std::vector<std::string> files;
  LoadOptions load;
  Duration slack{};
  bool runs_only = false;  ///< without explorations and maps
  std::function<void(const std::string& what)> progress;
  std::function<bool()> enough = [] { return false; };
};

/// Plays scenarios with another build, as a program of its own, and with this one at the same time;
/// then the explorations and maps that are kept beside them (`.outcomes`, `.map`), over what those
/// files say. Some files at a time, so that memory stays bounded. Where the other cannot be started
/// or writes no report the error says so; a file in which a signal ends it is a difference, and
/// what it has no command for is a note.
Expected<BuildReport> compare_builds(const BuildRequest& request);

}  // namespace provlab::tools
