#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/net/dhcp_message.hpp"
#include "core/platform/device_identity.hpp"

namespace provlab::net {

/// What to do with an option 43 that was sent as the text `42:0b:…` (SPEC 3.7).
enum class Option43Text { diagnose, accept };

/// What a lease says about the provisioning URL.
struct DhcpUrl {
  /// The URL as sent, without spaces around its halves and markers not yet replaced; it is usable
  /// (SPEC 2.9) once they are.
  std::optional<std::string> url;
  /// Where it came from: `66+67`, `66+file`, `sname+67`, `sname+file`, `66`, `sname`, `67`, `file`
  /// or `43`; empty without a URL.
  std::string origin;
  /// Why a candidate gave no URL, a sentence each without a final full stop (SPEC 3.7). There can
  /// be some beside a URL, where option 43 stood in for unusable 66 and 67.
  std::vector<std::string> diagnoses;
};

/// Derives the provisioning URL from the options of a lease or an answer to DHCPINFORM (SPEC 3).
/// An option, or a header field, whose text is empty counts as absent.
DhcpUrl derive_url(const DhcpMessage& ack, const DeviceIdentity& device, Option43Text text_form);

}  // namespace provlab::net
