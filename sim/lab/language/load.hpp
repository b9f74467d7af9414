#pragma once
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/markup/complaint.hpp"
#include "sim/lab/plan/plan.hpp"

/// The door of the language: from a file's text to the plan of a scenario.
namespace provlab::lab {

using PlanResult = std::expected<Shared<ScenarioPlan>, std::vector<Complaint>>;

/// Makes ready what all threads share; call it once before the first of them reads a scenario.
void prepare_language();

/// The folder of a file, with a slash behind it; empty where its name has none. What a scenario
/// names lies there.
std::string folder_of(const std::string& file);

/// Reads, checks and compiles a scenario. `file` is how complaints call it, and beside it lie the
/// files that it refers to: none of them lies outside of the folder `root`, by default that of the
/// scenario.
PlanResult compile_scenario(std::string_view text, const std::string& file,
                            const std::string& root = {});
/// The same for a file on disk; one that cannot be read is a complaint in line 0.
PlanResult load_scenario(const std::string& file, const std::string& root = {});

using TextResult = std::expected<std::string, std::vector<Complaint>>;

/// A valid scenario as text, with everything in it that it leaves out. Its plan is the same.
TextResult write_out_scenario(std::string_view text, const std::string& file,
                              const std::string& root = {});
/// The same for a file on disk.
TextResult load_written_out(const std::string& file, const std::string& root = {});

}  // namespace provlab::lab
