#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sim/lab/plan/expectation.hpp"

/// Header lines as the trace tells them, held against what is expected.
namespace provlab::lab {

/// Whether each pattern has a line that fits; one that is to be absent has none of its name. The
/// short names of SIP (RFC 3261 7.3.3) are those that they stand for.
bool fit(const std::vector<HeaderPattern>& patterns, std::string_view lines);

/// What there is instead: the lines of those names, and which of them are not there.
std::string shown_lines(const std::vector<HeaderPattern>& patterns, std::string_view lines);

}  // namespace provlab::lab
