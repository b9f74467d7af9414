#pragma once
#include <string>
#include <vector>

#include "core/platform/error.hpp"

namespace provlab::lab {

/// Scenario files among the arguments: files as they are; in folders every .xml file that begins
/// with <scenario>, sorted by name. A path that does not exist is an error.
Expected<std::vector<std::string>> find_scenarios(const std::vector<std::string>& paths);

}  // namespace provlab::lab
