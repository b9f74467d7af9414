#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace provlab::tools {

/// Where the files may lie that scenarios name, as an option that all share who read scenarios.
inline void add_sources_root(CLI::App& app, std::string& root) {
  app.add_option("--root", root,
                 "What scenarios name by src may lie anywhere below this folder (default: below "
                 "that of the scenario)")
      ->check(CLI::ExistingDirectory);
}

}  // namespace provlab::tools
