#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/net/dhcp_message.hpp"
#include "core/platform/device_identity.hpp"

namespace provlab::net {

/// What to do with an option 43 that was sent as the text `42:0b:…` (SPEC 3.7).
enum class Option43Text { diagnose, accept };

/// Whether option 43 counts before options 66 and 67 and the header fields, or only where these
/// give no usable URL (SPEC 3.5).
enum class Option43Turn { first, last };

/// By what a server whose option 66 has no scheme is asked: by http, or by https and, where
/// connection or TLS fails, by http (SPEC 1.5).
enum class BareServer { http, https_then_http };

struct DhcpUrlKnobs {
  Option43Text text = Option43Text::diagnose;
  Option43Turn turn = Option43Turn::first;
  BareServer bare_server = BareServer::http;
};

/// What a lease says about the provisioning URL.
struct DhcpUrl {
  /// The URL as sent, without spaces around its halves and markers not yet replaced; it is usable
  /// (SPEC 2.9) once they are.
  std::optional<std::string> url;
  /// Nobody sent the https of the URL: where connection or TLS fails, the same is there by http.
  bool or_by_http = false;
  /// Where it came from, one half or two: `43`, `66` or `sname`, then `43`, `67` or `file`, such as
  /// `66+67`, `43+file`, `67`; `43` where all of it is from there; empty without a URL.
  std::string origin;
  /// Why a candidate gave no URL, a sentence each without a final full stop (SPEC 3.7). There can
  /// be some beside a URL, where option 43 or what is outside stood in for the other.
  std::vector<std::string> diagnoses;
};

/// Derives the provisioning URL from the options of a lease or an answer to DHCPINFORM (SPEC 3).
/// An option, or a header field, whose text is empty counts as absent.
DhcpUrl derive_url(const DhcpMessage& ack, const DeviceIdentity& device, DhcpUrlKnobs knobs);

}  // namespace provlab::net
