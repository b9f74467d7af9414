#pragma once
#include <CLI/CLI.hpp>
#include <string>

namespace provlab::tools {

/// A script that completes commands, options and their values in a shell: "bash", "zsh" or "fish".
/// It follows from what the program declares, so it never lags behind.
std::string shell_completion(const CLI::App& program, const std::string& shell);

}  // namespace provlab::tools
