#include <cstdio>

#include "tools/command.hpp"
#include "tools/shell_completion.hpp"
#include "tools/terminal.hpp"

namespace provlab::tools {

namespace {

class CompletionCommand final : public Command {
 public:
  explicit CompletionCommand(CLI::App& app)
      : Command(app, "completion", "Prints a script that completes provlab in a shell") {
    options()
        .add_option("SHELL", shell_, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    options().footer(
        "It completes commands, options, their values where these are few, and files. An\n"
        "installed package brings it along. By hand, for the program's name 'provlab':\n"
        "  source <(provlab completion bash)                                in ~/.bashrc\n"
        "  source <(provlab completion zsh)                                 in ~/.zshrc\n"
        "  provlab completion fish > ~/.config/fish/completions/provlab.fish");
  }

  int run() override {
    put(stdout, shell_completion(*options().get_parent(), shell_));
    return 0;
  }

 private:
  std::string shell_;
};

}  // namespace

std::unique_ptr<Command> add_completion(CLI::App& app) {
  return std::make_unique<CompletionCommand>(app);
}

}  // namespace provlab::tools
