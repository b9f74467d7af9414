#include "tools/shell_completion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace provlab::tools {

namespace {

/// As shells take it: between single quotes.
std::string single_quoted(const std::string& text) {
  std::string all = "'";
  for (const char letter : text) all += letter == '\'' ? std::string("'\\''") : std::string{letter};
  return all + "'";
}

struct OptionWords {
  std::vector<std::string> names;   ///< with their dashes
  std::vector<std::string> values;  ///< all there are, where these are few
  std::string about;
  bool takes_value = false;
};

struct CommandWords {
  std::string name;
  std::string line;  ///< the commands that lead to it, with it
  std::string about;
  std::vector<OptionWords> options;
  std::vector<CommandWords> commands;
  std::vector<std::string> arguments;  ///< all that it takes without a dash, where these are few
};

/// Of "TEXT:{D100,D200}".
std::vector<std::string> values_of(const std::string& type) {
  const std::size_t begin = type.find('{');
  const std::size_t end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return {};
  return CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
}

CommandWords words_of(const CLI::App& app, const std::string& before) {
  CommandWords words{.name = app.get_name(),
                     .line = before + app.get_name(),
                     .about = app.get_description(),
                     .options = {},
                     .commands = {},
                     .arguments = {}};
  for (const CLI::Option* option : app.get_options()) {
    OptionWords of{.names = {},
                   .values = values_of(option->get_type_name()),
                   .about = option->get_description(),
                   .takes_value = option->get_items_expected_max() > 0};
    for (const std::string& name : option->get_snames()) of.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) of.names.push_back("--" + name);
    if (!of.names.empty()) {
      words.options.push_back(std::move(of));
    } else {
      words.arguments = of.values;
    }
  }
  for (const CLI::App* each : app.get_subcommands([](const CLI::App*) { return true; })) {
    words.commands.push_back(words_of(*each, words.line + " "));
  }
  return words;
}

/// The command and those below it, outermost first.
std::vector<const CommandWords*> all_of(const CommandWords& words) {
  std::vector<const CommandWords*> all{&words};
  for (const CommandWords& each : words.commands) {
    const auto below = all_of(each);
    all.insert(all.end(), below.begin(), below.end());
  }
  return all;
}

/// A line of `case` for each command whose `content` is not empty.
template <class Content>
std::string cases(const CommandWords& program, Content content) {
  std::string text;
  for (const CommandWords* command : all_of(program)) {
    if (const std::string said = content(*command); !said.empty()) {
      text += fmt::format("    {}) {} ;;\n", single_quoted(command->line), said);
    }
  }
  return text;
}

/// Finds the command that the words up to the cursor name; bash and zsh understand it.
std::string command_search(const CommandWords& program) {
  std::string text;
  for (const CommandWords* command : all_of(program)) {
    if (command != &program)
      text += fmt::format("      {0}) command={0} ;;\n", single_quoted(command->line));
  }
  return text;
}

/// The line of `case` for each option with few values.
std::string value_cases(const CommandWords& program, const std::string& offer) {
  std::string text;
  for (const CommandWords* command : all_of(program)) {
    for (const OptionWords& option : command->options) {
      if (option.values.empty()) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names) {
        patterns.push_back(single_quoted(command->line + " " + name));
      }
      text += fmt::format("    {}) {}; return ;;\n", fmt::join(patterns, " | "),
                          fmt::format(fmt::runtime(offer), fmt::join(option.values, " ")));
    }
  }
  return text;
}

/// The options of a command; `as` makes of a name and what it is a word of a shell's list.
template <class As>
std::vector<std::string> options_of(const CommandWords& command, As as) {
  std::vector<std::string> words;
  for (const OptionWords& option : command.options) {
    for (const std::string& name : option.names) words.push_back(as(name, option.about));
  }
  return words;
}

/// What a command takes without a dash, likewise.
template <class As>
std::vector<std::string> commands_of(const CommandWords& command, As as) {
  std::vector<std::string> words = command.arguments;
  for (const CommandWords& each : command.commands) words.push_back(as(each.name, each.about));
  return words;
}

std::string for_bash(const CommandWords& program) {
  const auto bare = [](const std::string& name, const std::string&) { return name; };
  const auto options = [&](const CommandWords& command) {
    return fmt::format("options='{}'", fmt::join(options_of(command, bare), " "));
  };
  const auto commands = [&](const CommandWords& command) {
    const auto words = commands_of(command, bare);
    return words.empty() ? std::string() : fmt::format("commands='{}'", fmt::join(words, " "));
  };
  return fmt::format(R"(# Completion of provlab for bash, made by: provlab completion bash
_provlab() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}
  local command=provlab options= commands= i
  for ((i = 1; i < COMP_CWORD; ++i)); do
    case "$command ${{COMP_WORDS[i]}}" in
{})"
                     R"(    esac
  done
  COMPREPLY=()
  case "$command $before" in
{})"
                     R"(  esac
  case $command in
{})"
                     R"(  esac
  case $command in
{})"
                     R"(  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ $commands ]]; then
    COMPREPLY=($(compgen -W "$commands" -- "$word"))
  fi
}}
complete -o bashdefault -o default -F _provlab provlab
)",
                     command_search(program),
                     value_cases(program, "COMPREPLY=($(compgen -W '{}' -- \"$word\"))"),
                     cases(program, options), cases(program, commands));
}

/// "name:what it is" for _describe.
std::string described(const std::string& name, const std::string& about) {
  return single_quoted(name + ":" + about);
}

std::string for_zsh(const CommandWords& program) {
  const auto options = [](const CommandWords& command) {
    return fmt::format("options=({})", fmt::join(options_of(command, described), " "));
  };
  const auto commands = [](const CommandWords& command) {
    const auto words = commands_of(command, described);
    return words.empty() ? std::string() : fmt::format("commands=({})", fmt::join(words, " "));
  };
  return fmt::format(R"(#compdef provlab
# Completion of provlab for zsh, made by: provlab completion zsh
_provlab() {{
  local command=provlab before=${{words[CURRENT-1]}} i
  local -a options commands
  for ((i = 2; i < CURRENT; ++i)); do
    case "$command ${{words[i]}}" in
{})"
                     R"(    esac
  done
  case "$command $before" in
{})"
                     R"(  esac
  case $command in
{})"
                     R"(  esac
  case $command in
{})"
                     R"(  esac
  if [[ ${{words[CURRENT]}} == -* ]]; then
    _describe option options
  elif (( $#commands )); then
    _describe command commands
  else
    _files
  fi
}}
if [[ $funcstack[1] == _provlab ]]; then _provlab "$@"; else compdef _provlab provlab; fi
)",
                     command_search(program), value_cases(program, "compadd -- {}"),
                     cases(program, options), cases(program, commands));
}

/// When the command is the one that was begun: each word of its line was seen.
std::string fish_condition(const CommandWords& command, const std::string& program) {
  if (command.line == program) return "__fish_use_subcommand";
  std::vector<std::string> seen;
  for (const std::string& word : CLI::detail::split(command.line.substr(program.size() + 1), ' ')) {
    seen.push_back("__fish_seen_subcommand_from " + word);
  }
  return fmt::format("{}", fmt::join(seen, "; and "));
}

std::string for_fish(const CommandWords& program) {
  std::string text = "# Completion of provlab for fish, made by: provlab completion fish\n";
  for (const CommandWords* command : all_of(program)) {
    const std::string condition = fish_condition(*command, program.line);
    const std::string when = single_quoted(condition);
    std::string none = condition;  // of the commands below it was named yet
    if (command != &program) none += "; and not __fish_seen_subcommand_from";
    for (const CommandWords& each : command->commands) {
      if (command != &program) none += " " + each.name;
    }
    for (const CommandWords& each : command->commands) {
      text += fmt::format("complete -c provlab -f -n {} -a {} -d {}\n", single_quoted(none),
                          each.name, single_quoted(each.about));
    }
    if (!command->arguments.empty()) {
      text += fmt::format("complete -c provlab -f -n {} -a '{}'\n", when,
                          fmt::join(command->arguments, " "));
    }
    for (const OptionWords& option : command->options) {
      text += fmt::format("complete -c provlab -n {}", when);
      for (const std::string& name : option.names) {
        text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (!option.values.empty()) {
        text += fmt::format(" -x -a '{}'", fmt::join(option.values, " "));
      } else if (option.takes_value) {
        text += " -r";
      }
      text += fmt::format(" -d {}\n", single_quoted(option.about));
    }
  }
  return text;
}

}  // namespace

std::string shell_completion(const CLI::App& program, const std::string& shell) {
  const CommandWords words = words_of(program, "");
  if (shell == "bash") return for_bash(words);
  return shell == "zsh" ? for_zsh(words) : for_fish(words);
}

}  // namespace provlab::tools
