#include "tools/colour.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace provlab::tools {

namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

}  // namespace

bool is_dumb_terminal() {
  return variable("TERM") == "dumb";
}

void add_colour_option(CLI::App& app, std::string& choice) {
  app.add_option("--color", choice,
                 "Colours: on a terminal (auto), always or never; NO_COLOR, FORCE_COLOR and "
                 "TERM=dumb say what auto means")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

bool wants_colour(const std::string& choice) {
  if (choice != "auto") return choice == "always";
  if (!variable("NO_COLOR").empty()) return false;
  if (const auto forced = variable("FORCE_COLOR"); !forced.empty()) {
    return forced != "0" && forced != "false";
  }
  return is_read_along() && !is_dumb_terminal();
}

bool is_read_along() {
  return isatty(STDOUT_FILENO) != 0;
}

}  // namespace provlab::tools
