#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/time.hpp"
#include "sim/lab/trace/logged_event.hpp"

namespace provlab::lab {

/// The text without what chance decides: ports of clients, branches, tags, Call-IDs, transaction
/// ids and nonces are left out, and moments of RFC 3339, which are added to `moments`.
std::string without_chance(std::string_view text, std::vector<WallTime>& moments);

/// The same for events that mean the same: host, name, and fields without chance. Times that follow
/// from others (how long something took) are left out; those that lie ahead are moments.
std::uint64_t meaning_of(const LoggedEvent& event, std::vector<WallTime>& moments);

}  // namespace provlab::lab
