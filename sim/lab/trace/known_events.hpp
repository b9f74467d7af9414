#pragma once
#include <map>
#include <string>
#include <vector>

namespace provlab::lab {

/// Every event that can stand in a trace, with its fields, so that an expectation that could never
/// hold is noticed. The table is written by the build from the rooms' events headers.
using KnownEvents = std::multimap<std::string, std::vector<std::string>>;
const KnownEvents& known_events();

}  // namespace provlab::lab
