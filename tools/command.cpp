#include "tools/command.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

#include "sim/lab/markup/complaint.hpp"

namespace provlab::tools {

CLI::Validator whole_number() {
  const auto wrong = [](std::string& text) -> std::string {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error == std::errc() && stop == end) return {};
    return fmt::format("'{}' is no whole number from 0 to {}; write for example 7", text,
                       UINT64_MAX);
  };
  return {wrong, "", "whole number"};
}

std::string mistake_in_words(const CLI::App& app) {
  const CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  std::vector<std::string> commands;
  for (const CLI::App* each : command->get_subcommands([](const CLI::App*) { return true; })) {
    commands.push_back(each->get_name());
  }
  std::vector<std::string> options;
  for (const CLI::Option* each : command->get_options()) {
    for (const std::string& name : each->get_lnames()) options.push_back("--" + name);
  }
  for (const std::string& word : app.remaining(true)) {
    if (word == "--") continue;
    if (word.starts_with('-')) {
      return fmt::format("there is no option '{}'{}", word, lab::did_you_mean(word, options));
    }
    if (commands.empty()) return fmt::format("'{}' is one argument too many", word);
    return fmt::format("there is no command '{}'{}; write {}", word,
                       lab::did_you_mean(word, commands), lab::any_of(commands));
  }
  if (commands.empty()) return {};
  return fmt::format("a command is missing; write {}", lab::any_of(commands));
}

std::vector<std::unique_ptr<Command>> add_commands(CLI::App& app) {
  std::vector<std::unique_ptr<Command>> commands;
  for (const auto add :
       {&add_run,     &add_interop, &add_report, &add_list,      &add_validate, &add_show,
        &add_explore, &add_map,     &add_soak,   &add_cuts,      &add_new,      &add_import,
        &add_explain, &add_compare, &add_prove,  &add_settings,  &add_device,   &add_serve,
        &add_watch,   &add_lsp,     &add_doctor, &add_completion}) {
    commands.push_back(add(app));
  }
  return commands;
}

}  // namespace provlab::tools
