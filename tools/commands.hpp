#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "sim/lab/runner.hpp"
#include "tools/explore_command.hpp"

namespace provlab::tools {

/// The commands of the program: options are declared on construction, run() does what was asked.
class Commands {
 public:
  explicit Commands(CLI::App& app);
  int run();  ///< the exit code

 private:
  void add_run(CLI::App& app);
  void add_list(CLI::App& app);
  void add_validate(CLI::App& app);
  void add_explore(CLI::App& app);
  int run_scenarios();
  int list_scenarios();
  int list_events();
  int validate_scenarios();
  int explore();
  /// Files among the paths; complains on stderr where there are none.
  bool find_files();

  CLI::App* run_ = nullptr;
  CLI::App* list_ = nullptr;
  CLI::App* validate_ = nullptr;
  CLI::App* explore_ = nullptr;
  ExploreRequest exploration_;
  std::string window_ = "50ms";
  std::vector<std::string> paths_;
  std::vector<std::string> files_;
  lab::RunnerOptions options_;
  std::string junit_;
  std::string json_;
  bool verbose_ = false;
  bool variants_ = false;
  bool events_ = false;
};

}  // namespace provlab::tools
