#pragma once
#include <string_view>

/// The statuses of HTTP that the telephone tells apart (SPEC 5.10).
namespace provlab::net {

/// The status to act upon: itself where it is known, else the x00 of its class, and 500 where it is
/// of no class (RFC 9110 15). Of the 2xx only 204, 205 and 206 mean something else than 200.
int status_counted_as(int status);

/// What a known status says, as `not found`; empty for others.
std::string_view meaning_of_status(int status);

}  // namespace provlab::net
