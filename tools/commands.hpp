#pragma once
#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "sim/lab/runner.hpp"
#include "tools/explore_command.hpp"
#include "tools/settings_command.hpp"

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
  void add_settings(CLI::App& app);
  CLI::App* add_settings_command(SettingsRequest::What what, const char* name, const char* about);
  int run_scenarios();
  int list_scenarios();
  int list_events();
  int validate_scenarios();
  int explore();
  int try_documents();
  /// Files among the paths; complains on stderr where there are none.
  bool find_files();

  CLI::App* run_ = nullptr;
  CLI::App* list_ = nullptr;
  CLI::App* validate_ = nullptr;
  CLI::App* explore_ = nullptr;
  ExploreRequest exploration_;
  std::string window_ = "50ms";
  CLI::App* settings_ = nullptr;
  std::vector<std::string> paths_;
  std::vector<std::string> files_;
  lab::RunnerOptions options_;
  std::string junit_;
  std::string json_;
  SettingsRequest request_;
  std::string type_ = "D200";
  std::string release_ = "2.2A";
  std::string from_ = "1.10A";
  bool verbose_ = false;
  bool variants_ = false;
  bool events_ = false;
};

}  // namespace provlab::tools
