#pragma once
#include <string>
#include <string_view>

#include "sim/lab/suite/suite_report.hpp"

namespace provlab::lab {

/// A report of `run --json` or `report --json`. `file` is how errors call it; they say where in the
/// text it is broken, or which member is missing, and what to do.
Expected<SuiteReport> read_json_report(std::string_view text, const std::string& file);

}  // namespace provlab::lab
