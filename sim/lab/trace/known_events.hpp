#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace provlab::lab {

/// Every event that can stand in a trace, with its fields, so that an expectation that could never
/// hold is noticed. The table is written by the build from the rooms' events headers.
using KnownEvents = std::multimap<std::string, std::vector<std::string>>;
const KnownEvents& known_events();
/// Whether it is one of the core's, which the phone alone can record.
bool is_event_of_phone(std::string_view event);

}  // namespace provlab::lab
