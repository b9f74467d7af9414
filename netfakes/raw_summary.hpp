#pragma once
#include <string>
#include <string_view>

#include "core/platform/host.hpp"

namespace provlab::netfakes {

/// What the octets of a raw answer are, for the trace, as far as they say it themselves:
/// `octets of the scenario: offer 192.0.2.77`, `octets of the scenario: HTTP/1.1 200 OK`. `kind` is
/// the protocol in whose place they leave.
std::string summarize_raw(std::string_view kind, BytesView octets);

}  // namespace provlab::netfakes
