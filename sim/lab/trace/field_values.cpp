#include "sim/lab/trace/field_values.hpp"

#include <algorithm>
#include <span>

namespace provlab::lab {

namespace {

/// Of a field of that event, or of all that have it and no row of their own.
struct Vocabulary {
  std::string_view event;  ///< empty: any
  std::string_view field;
  std::string_view values;  ///< with spaces between them; `#` is any number
};

constexpr std::string_view kSources = "dhcp redirect multicast configured";
constexpr std::string_view kSections =
    "provisioning network time telephony identities users keys templates luaLibraries "
    "userInterface "
    "update";
constexpr std::string_view kTruth = "true false";
constexpr std::string_view kDhcpMessages = "DISCOVER OFFER REQUEST DECLINE ACK NAK RELEASE INFORM";

/// A test holds it against the traces of the whole library.
// house-rules: a table, a line for each field
constexpr Vocabulary kVocabularies[] = {
    {"", "kind", "dhcp dns ntp redirect multicast http check-sync sip udp"},
    {"", "source", kSources},
    {"run_ended", "source", "dhcp redirect multicast configured manual check-sync"},
    {"url_chosen", "source", "dhcp redirect multicast configured manual check-sync"},
    {"", "failed_source", kSources},
    {"stage_ended", "result", "url no-url"},
    {"run_ended", "result",
     "provisioned unchanged partial rejected download-failed no-url no-valid-time no-network "
     "inactive"},
    {"upload_ended", "result", "restored unchanged partial rejected refused"},
    {"", "trigger", "boot manual at-time check-sync"},
    {"trigger_remembered", "replaces", "boot manual at-time check-sync"},
    {"", "precondition", "network time"},
    {"document_classified", "type", "patch reference operations"},
    {"section_applied", "mode", "merged replaced operated set"},
    {"section_applied", "section", kSections},
    {"section_migrated", "section", kSections},
    {"operation_applied", "operation", "add delete replace"},
    {"settings_loaded", "from", "factory store"},
    {"network_configured", "mode", "dhcp static"},
    {"dhcp_sent", "message", kDhcpMessages},
    {"dhcp_sent", "state",
     "selecting requesting rebooting renewing rebinding declining informing releasing"},
    {"dhcp_received", "message", kDhcpMessages},
    {"name_query_sent", "transport", "udp tcp"},
    {"packet_sent", "protocol", "udp tcp"},
    {"", "purpose", "document redirect"},
    {"powered_on", "type", "D100 D200"},
    {"powered_on", "release", "1.10A 2.0C 2.2A"},
    {"scenario_ended", "reason", "settled until limit"},
    {"source_answered", "usable", kTruth},
    {"downgrade_found", "refused", kTruth},
    {"run_ended", "changed", kTruth},
    {"run_ended", "released", kTruth},
    {"section_applied", "changed", kTruth},
    {"lease_renewed", "changed", kTruth},
    {"name_resolved", "cached", kTruth},
    {"powered_off", "run_in_progress", kTruth},
    {"power_changed", "on", kTruth},
    {"link_changed", "up", kTruth},
    {"cable_moved", "in", kTruth},
    {"server_switched", "running", kTruth},
    {"scenario_ended", "released", kTruth},
    {"", "attempt", "#"},
    {"", "stage", "#"},
    {"", "nth", "#"},
    {"", "run", "#"},
    {"", "octets", "#"},
    {"", "hop", "#"},
    {"document_downloaded", "status", "#"},
    {"document_download_started", "depth", "#"},
    {"document_download_started", "index", "#"},
    {"answer_confirmed", "status", "#"},
    {"check_sync_refused", "status", "#"},
    {"http_response_received", "status", "#"},
    {"http_redirect_followed", "status", "#"},
    {"sip_response_received", "status", "#"},
    {"sip_response_sent", "status", "#"},
    {"option_ignored", "option", "#"},
    {"operation_applied", "matches", "#"},
    {"operation_applied", "cost", "#"},
    {"operation_failed", "cost", "#"},
    {"run_ended", "documents", "#"},
    {"run_ended", "failed", "#"},
    {"run_ended", "accepted", "#"},
    {"run_ended", "rejected", "#"},
    {"section_migrated", "steps", "#"},
};

std::string_view vocabulary_of(std::string_view event, std::string_view field) {
  std::string_view found;
  for (const Vocabulary& each : kVocabularies) {
    if (each.field != field) continue;
    if (each.event == event) return each.values;
    if (each.event.empty()) found = each.values;
  }
  return found;
}

}  // namespace

std::optional<std::vector<std::string>> values_of_field(std::string_view event,
                                                        std::string_view field) {
  std::string_view words = vocabulary_of(event, field);
  if (words.empty() || words == "#") return std::nullopt;
  std::vector<std::string> values;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    values.emplace_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return values;
}

bool is_number_field(std::string_view event, std::string_view field) {
  return vocabulary_of(event, field) == "#";
}

}  // namespace provlab::lab
