#pragma once
#include <CLI/CLI.hpp>

#include "sim/lab/suite/runner_options.hpp"

namespace provlab::tools {

/// --filter and --variant, for commands that run some of what they find.
void add_run_choice(CLI::App& app, lab::RunnerOptions& options);

}  // namespace provlab::tools
