#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/address.hpp"
#include "core/platform/error.hpp"

namespace provlab::service {

/// An entry of provisioning/sip/allowlist, read as the host that it names (SPEC 2.2).
struct AllowlistEntry {
  std::string host;                    ///< without a port
  std::optional<Ipv4Address> address;  ///< absent where the host is a name
  std::string warning;                 ///< what was left out; empty if nothing was
};

/// `text` without white space around it. The error says why it names no host and what to write; a
/// prefix length, a scheme, a user, a path, a pattern are no part of one.
Expected<AllowlistEntry> read_allowlist_entry(std::string_view text);

}  // namespace provlab::service
