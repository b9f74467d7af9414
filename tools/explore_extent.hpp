#pragma once
#include <string>
#include <vector>

#include "sim/lab/explore/findings.hpp"
#include "sim/lab/report/json_writer.hpp"

/// How much of all orders an exploration has tried, and why not more.
namespace provlab::tools {

/// Lines below the one that says how many runs it took. `why_left` ends the sentence that says what
/// was not tried: `beyond --budget or --depth`.
std::vector<std::string> extent_lines(const lab::Exploration& found, std::string_view why_left);

/// The lines of these about orders of two and three packets alone.
std::vector<std::string> coverage_lines(const lab::Exploration& found);

/// The same as members of the object that is open.
void write_extent(lab::JsonWriter& json, const lab::Exploration& found);

}  // namespace provlab::tools
