#include "sim/lab/machine/command_line.hpp"

#include <cstdlib>

namespace provlab::lab {

std::string shell_quoted(const std::string& text) {
  if (text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "._-/+:,") == std::string::npos) {
    return text;
  }
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string program_name() {
  const char* command = std::getenv("PROVLAB_COMMAND");
  return command == nullptr ? "provlab" : shell_quoted(command);
}

}  // namespace provlab::lab
