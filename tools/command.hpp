#pragma once
#include <CLI/CLI.hpp>
#include <memory>
#include <vector>

namespace provlab::tools {

/// Exit codes that commands share; 1 is each command's own word for "something failed".
inline constexpr int kUsage = 2;    ///< usage, or a file that cannot be read or written
inline constexpr int kInvalid = 3;  ///< an invalid scenario
inline constexpr int kLabFault = 4;

/// One command of the program: its constructor declares the options, run() does what was asked.
class Command {
 public:
  virtual ~Command() = default;
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  bool asked_for() const { return app_->parsed(); }
  virtual int run() = 0;  ///< the exit code

 protected:
  /// `name` as a subcommand of `app`, which must outlive it.
  Command(CLI::App& app, const char* name, const char* about)
      : app_(app.add_subcommand(name, about)) {}
  CLI::App& options() { return *app_; }

 private:
  CLI::App* app_;
};

/// Refuses what is not a whole number from 0; an unsigned option alone takes -1 for a large one.
CLI::Validator whole_number();

/// What nothing on the command line takes, in words, or else that a command is missing; empty where
/// there is no such mistake. Who writes `rnu FILE` does not lack a command.
std::string mistake_in_words(const CLI::App& app);

/// Every command, in the order in which help lists them.
std::vector<std::unique_ptr<Command>> add_commands(CLI::App& app);

// One file each, tools/commands/NAME.cpp.
std::unique_ptr<Command> add_run(CLI::App& app);
std::unique_ptr<Command> add_interop(CLI::App& app);
std::unique_ptr<Command> add_report(CLI::App& app);
std::unique_ptr<Command> add_list(CLI::App& app);
std::unique_ptr<Command> add_validate(CLI::App& app);
std::unique_ptr<Command> add_show(CLI::App& app);
std::unique_ptr<Command> add_explore(CLI::App& app);
std::unique_ptr<Command> add_map(CLI::App& app);
std::unique_ptr<Command> add_soak(CLI::App& app);
std::unique_ptr<Command> add_cuts(CLI::App& app);
std::unique_ptr<Command> add_new(CLI::App& app);
std::unique_ptr<Command> add_doctor(CLI::App& app);
std::unique_ptr<Command> add_import(CLI::App& app);
std::unique_ptr<Command> add_explain(CLI::App& app);
std::unique_ptr<Command> add_compare(CLI::App& app);
std::unique_ptr<Command> add_prove(CLI::App& app);
std::unique_ptr<Command> add_settings(CLI::App& app);
std::unique_ptr<Command> add_device(CLI::App& app);
std::unique_ptr<Command> add_serve(CLI::App& app);
std::unique_ptr<Command> add_watch(CLI::App& app);
std::unique_ptr<Command> add_lsp(CLI::App& app);
std::unique_ptr<Command> add_completion(CLI::App& app);

}  // namespace provlab::tools
