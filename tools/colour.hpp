#pragma once
#include <CLI/CLI.hpp>
#include <string>

/// What a terminal understands.
namespace provlab::tools {

/// Whether TERM says that it knows nothing but text.
bool is_dumb_terminal();

/// --color, whose choice wants_colour() takes.
void add_colour_option(CLI::App& app, std::string& choice);

/// Whether text on stdout has colours. `choice` is what --color was given. `always` and `never` say
/// it; by `auto` the first of these does that is set: NO_COLOR (not empty) never, FORCE_COLOR (not
/// empty) always, unless it is `0` or `false`: then never. Else a terminal that is not dumb has
/// them.
bool wants_colour(const std::string& choice);

/// Whether stdout is a terminal, where somebody reads along.
bool is_read_along();

}  // namespace provlab::tools
