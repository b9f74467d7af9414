#include "tools/command.hpp"

namespace provlab::tools {

std::vector<std::unique_ptr<Command>> add_commands(CLI::App& app) {
  std::vector<std::unique_ptr<Command>> commands;
  for (const auto add :
       {&add_run, &add_report, &add_list, &add_validate, &add_explore, &add_soak, &add_settings}) {
    commands.push_back(add(app));
  }
  return commands;
}

}  // namespace provlab::tools
