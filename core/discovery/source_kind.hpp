#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/net/dhcp_url.hpp"
#include "core/net/url.hpp"
#include "core/platform/time.hpp"

/// Where a provisioning URL can come from, what was found, and the knobs of the search.
namespace provlab::discovery {

enum class SourceKind { dhcp, redirect, multicast, configured };

std::string_view to_string(SourceKind source);  ///< the name in traces and scenarios

struct FoundUrl {
  net::Url url;
  SourceKind source;
  bool authenticated;  ///< false for multicast (SPEC 4.3)
  /// Where connection or TLS fails, the same is there by http: its https is the phone's own guess
  /// (SPEC 1.5).
  bool or_by_http = false;
};

/// The knobs of the search, with SPEC 2.8's sequence and SPEC 2.10's limits as defaults.
struct DiscoveryOptions {
  /// Stages one after the other; the sources of one stage run at the same time.
  std::vector<std::vector<SourceKind>> sequence = {
      {SourceKind::dhcp}, {SourceKind::redirect, SourceKind::multicast}, {SourceKind::configured}};
  Duration redirect_timeout = std::chrono::seconds(10);
  Duration multicast_timeout = std::chrono::seconds(5);
  std::string redirect_base = "http://connect.redirect.auerswald.de";
  net::DhcpUrlKnobs dhcp_url;
};

/// Which sources the settings allow, and the configured URL as it stands there.
struct SourceSettings {
  bool dhcp = true;
  bool redirect = true;
  bool multicast = true;
  std::string configured_url{};
  /// Sources to pass over because this run has used them up (knob on-download-failure, SPEC 2.11).
  std::vector<SourceKind> tried = {};
};

}  // namespace provlab::discovery
