#pragma once
#include <string>
#include <vector>

#include "sim/lab/importing/draft_responders.hpp"

namespace provlab::lab {

/// What the phone must have been, as far as it shows.
struct DraftDevice {
  std::string type = "D200";
  std::string release = "2.2A";
  std::string serial;  ///< empty: it did not say
  bool type_known = false;
  bool release_known = false;
  /// Its own where it never asked DHCP for one.
  std::optional<Ipv4Address> fixed_address{};
  /// A URL that it used and that nobody had told it; empty: none.
  std::string url;
  bool asks_dhcp = true;  ///< for a URL
  bool asks_redirect = true;
  bool asks_multicast = true;
  /// Hosts that could make it provision itself by SIP.
  std::vector<std::string> allowed{};
  std::string time_server;  ///< asked without DHCP having named it; empty: none
};

/// How a run of provisioning came about.
struct DraftTrigger {
  enum class Kind { boot, cable, check_sync, press };
  Kind kind = Kind::boot;
  Duration at{};
  std::size_t place = 0;  ///< of what was said first
  bool idle = false;      ///< no run came of it
};

DraftDevice draft_device(const Conversation& heard);
std::vector<DraftTrigger> draft_triggers(const Conversation& heard);

/// The URL of a request, as the phone asked for it.
std::string url_of(const Said& request);
/// Requests for documents: by HTTP, and not to the redirect service.
bool is_document_request(const Said& said);

}  // namespace provlab::lab
