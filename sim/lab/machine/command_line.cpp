#include "sim/lab/machine/command_line.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

/// Between $' and ', in octal: that form takes three digits at most, wherever it is known.
std::string octal_quoted(std::string_view text) {
  std::string quoted = "$'";
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool plain = octet >= 0x20 && octet < 0x7f && c != '\'' && c != '\\';
    quoted += plain ? std::string(1, c) : fmt::format("\\{:03o}", octet);
  }
  return quoted + "'";
}

}  // namespace

std::string shell_quoted(const std::string& text) {
  if (visible(text) != text) return octal_quoted(text);
  if (text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "._-/+:,") == std::string::npos) {
    return text;
  }
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string quoted_path(const std::string& path) {
  return shell_quoted(path.starts_with('-') ? "./" + path : path);
}

std::string root_words(const std::string& root) {
  return root.empty() ? root : " --root " + quoted_path(root);
}

std::string program_name() {
  const char* command = std::getenv("PROVLAB_COMMAND");
  return command == nullptr ? "provlab" : shell_quoted(command);
}

}  // namespace provlab::lab
