#include "sim/lab/soak/sightings.hpp"

#include <map>

namespace provlab::lab {

namespace {

struct Sight {
  std::string_view rule;
  std::string_view event;
  std::string_view field = {};  ///< empty: the event alone
  std::string_view value = {};  ///< what the field begins with
};

// house-rules: a table, a line for each event
constexpr Sight kSights[] = {
    {"1.3 store survives", "settings_loaded", "from", "store"},
    {"1.4 factory defaults", "settings_loaded", "from", "factory"},
    {"2.1 boot", "run_started", "trigger", "boot"},
    {"2.1 manual", "run_started", "trigger", "manual"},
    {"2.1 at a time", "run_started", "trigger", "at-time"},
    {"2.1 check-sync", "run_started", "trigger", "check-sync"},
    {"2.4 trigger during a run", "trigger_remembered"},
    {"2.5 preconditions", "precondition_met", "precondition", "time"},
    {"2.6 address by DHCP", "lease_bound"},
    {"2.6 static address", "network_configured", "mode", "static"},
    {"2.6 renewal", "lease_renewed"},
    {"2.6 rebinding", "dhcp_sent", "state", "rebinding"},
    {"2.6 INIT-REBOOT", "dhcp_sent", "state", "rebooting"},
    {"2.6 NAK", "dhcp_refused"},
    {"2.6 lease lost", "lease_lost"},
    {"2.6 retransmission", "dhcp_sent", "attempt", "3"},
    {"2.7 clock set", "clock_set"},
    {"2.7 reply ignored", "ntp_reply_ignored"},
    {"2.7 kiss-o'-death", "ntp_kiss_of_death"},
    {"2.8 source skipped", "source_skipped"},
    {"2.8 stage without URL", "stage_ended", "result", "no-url"},
    {"2.9 unusable URL", "source_answered", "usable", "false"},
    {"2.10 other source cancelled", "source_cancelled"},
    {"2.10 late answer", "late_answer_ignored"},
    {"2.10 redirect won", "winner_chosen", "source", "redirect"},
    {"2.10 multicast won", "winner_chosen", "source", "multicast"},
    {"2.11 URL requested", "url_chosen"},
    {"2.11 next source", "next_source_tried"},
    {"2.12 reference", "document_classified", "type", "reference"},
    {"2.12 depth", "document_download_started", "depth", "3"},
    {"2.12 reference skipped", "reference_skipped"},
    {"2.14 inactive", "run_ended", "result", "inactive"},
    {"2.14 no-network", "run_ended", "result", "no-network"},
    {"2.14 no-valid-time", "run_ended", "result", "no-valid-time"},
    {"2.14 no-url", "run_ended", "result", "no-url"},
    {"2.14 download-failed", "run_ended", "result", "download-failed"},
    {"2.14 rejected", "run_ended", "result", "rejected"},
    {"2.14 partial", "run_ended", "result", "partial"},
    {"2.14 provisioned", "run_ended", "result", "provisioned"},
    {"2.14 unchanged", "run_ended", "result", "unchanged"},
    {"2.15 URL typed in", "menu_used", "entry", "provisioning/url"},
    {"3 URL from DHCP", "winner_chosen", "source", "dhcp"},
    {"3.6 DHCPINFORM", "dhcp_sent", "message", "INFORM"},
    {"3.7 diagnosis", "dhcp_url_diagnosed"},
    {"4.1 redirect followed", "http_redirect_followed"},
    {"4.2 SUBSCRIBE repeated", "sip_request_sent", "attempt", "3"},
    {"4.2 NOTIFY taken", "sip_response_sent", "status", "200"},
    {"4.3 unauthenticated source", "unauthenticated_source"},
    {"4.4 NOTIFY of nobody", "sip_response_sent", "status", "481"},
    {"5.1 unknown marker", "marker_unknown"},
    {"5.2 patch", "document_classified", "type", "patch"},
    {"5.3 section replaced", "section_applied", "mode", "replaced"},
    {"5.4 section merged", "section_applied", "mode", "merged"},
    {"5.6 operations", "section_applied", "mode", "operated"},
    {"5.6 operation fails", "operation_failed"},
    {"5.7 upload", "upload_ended"},
    {"5.7 backup", "backup_made"},
    {"5.8 document refused", "document_refused"},
    {"5.8 run limit", "run_limit"},
    {"5.9 warning", "document_warning"},
    {"6.3 migrated", "section_migrated"},
    {"6.3 stripped", "setting_stripped"},
    {"6.3 section rejected", "section_rejected"},
    {"7.1 check-sync refused", "check_sync_refused"},
    {"7.2 check-sync accepted", "check_sync_accepted"},
    {"7.3 reboot", "reboot_requested"},
    {"7.3 not simulated", "request_not_simulated"},
    {"9 fault", "fault_injected"},
    {"9 no answer", "answer_withheld"},
    {"9 packet lost", "packet_lost"},
    {"9 cable out", "cable_moved", "in", "false"},
    {"9 server down", "server_switched", "running", "false"},
};
static_assert(std::size(kSights) <= kMostSightings);

using ByEvent = std::map<std::string_view, std::vector<std::size_t>>;

const ByEvent& by_event() {
  static const ByEvent all = [] {
    ByEvent made;
    for (std::size_t i = 0; i < std::size(kSights); ++i) made[kSights[i].event].push_back(i);
    return made;
  }();
  return all;
}

}  // namespace

Sightings sightings_of(const Trace& trace) {
  Sightings seen;
  const ByEvent& sights = by_event();
  for (const TraceRecord record : trace) {
    const auto found = sights.find(record.event());
    if (found == sights.end()) continue;
    for (const std::size_t i : found->second) {
      if (seen[i]) continue;
      const Sight& sight = kSights[i];
      seen[i] = sight.field.empty() ||
                record.field(sight.field).value_or(std::string()).starts_with(sight.value);
    }
  }
  return seen;
}

const std::vector<std::string_view>& sighted_rules() {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> names;
    for (const Sight& sight : kSights) names.push_back(sight.rule);
    return names;
  }();
  return all;
}

}  // namespace provlab::lab
