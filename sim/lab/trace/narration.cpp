#include "sim/lab/trace/narration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "sim/lab/trace/spoken_time.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kBefore = 6;
constexpr std::size_t kAfter = 3;
/// Nobody reads more; begin and end of a longer one are told.
constexpr EventNumber kMostNarrated = 20'000;

/// Sentences for events; `{field}` stands for the field's value. An event that is not here is shown
/// with its name and fields.
// house-rules: a table, a line for each event
const std::map<std::string_view, std::string_view>& sentences() {
  static const std::map<std::string_view, std::string_view> kSentences{
      {"scenario_started", "-- scenario {scenario} {variant} seed {seed}"},
      {"scenario_ended", "-- end ({reason})"},
      {"powered_on", "is switched on ({type}, release {release})"},
      {"powered_off", "is switched off"},
      {"settings_loaded", "loads its settings from the {from}"},
      {"dhcp_sent", "sends DHCP {message} ({state}, attempt {attempt}) to {to}"},
      {"dhcp_received", "receives DHCP {message} from {server}: address {address}"},
      {"dhcp_ignored", "ignores a DHCP message: {reason}"},
      {"option_ignored", "leaves option {option} out of a DHCP message: {reason}"},
      {"dhcp_refused", "is refused by {server}: {reason}; it starts again in {restart_after~}"},
      {"dhcp_send_failed", "cannot send DHCP {message}: {reason}"},
      {"address_probed", "asks by ARP whether another has {address} (probe {probe})"},
      {"address_conflict",
       "finds {holder} at {address}, which {server} leased; it starts again in {restart_after~}"},
      {"lease_bound", "has the address {address}, router {router}, DNS {dns}, NTP {ntp}"},
      {"lease_renewed", "renews its lease of {address}"},
      {"lease_lost", "loses its address {address}: {reason}"},
      {"address_removed", "gives up the address {address}"},
      {"network_configured", "uses the network ({mode}): address {address}, router {router}"},
      {"network_lost", "has no network any more: {reason}"},
      {"request_received", "gets {kind} {request} from {from} (no. {nth})"},
      {"answer_sent", "answers {request} with {summary} [{answer}]"},
      {"fault_injected", "spoils its answer [{answer}]: {fault} {detail}"},
      {"check_sync_accepted", "accepts a check-sync from {from}: {action}, in {delay~}"},
      {"allowlist_warning", "cannot take an entry of the allowlist as it is: {warning}"},
      {"check_sync_refused", "refuses a NOTIFY from {from} with {status}: {reason}"},
      {"check_sync_nothing_to_load", "has nothing to load for the check-sync of {from}: {reason}"},
      {"check_sync_replaced", "will not do {action}, asked for by {from}: eight newer ones wait"},
      {"check_sync_not_sent", "-- no check-sync of {of}: the phone has no address"},
      {"call_failed", "-- its {operation} of {of} fails: {reason}"},
      {"file_damaged", "-- its file {file} has {octets} octets now"},
      {"lan_changed", "-- the phone is in the LAN {lan}"},
      {"datagram_not_sent", "-- no {what} of {of}: the phone has no address"},
      {"reboot_requested", "reboots because {from} asks for it"},
      {"request_not_simulated", "was asked for {action}, which is not simulated"},
      {"server_switched", "the {kind} of {of} is switched (running: {running})"},
      {"answer_withheld", "gives no answer to {request} [{answer}, rule {rule}]"},
      {"answer_failed", "cannot answer {request}: {reason}"},
      {"request_ignored", "ignores a message from {from}: {reason}"},
      {"answer_confirmed", "hears {status} to its answer [{answer}]"},
      {"tls_agreed", "agrees with {from} on TLS {version} (asked as '{server_name}')"},
      {"tls_failed", "comes to no TLS with {from} (asked as '{server_name}'): {reason}"},
      {"answer_repeated", "repeats its answer [{answer}], attempt {attempt}"},
      {"world_late", "-- the machine is too slow by {by~}"},
      {"frames_dropped", "-- frames that count as never received: {count}, {reason}"},
      {"address_contested", "finds that {by} has its address {address}, too"},
      {"unreachable_told", "hears from {by} that {to} cannot be reached (ICMP code {code})"},
      {"packet_lost", "loses packet {packet} to {to}: {reason}"},
      {"ntp_request_sent", "asks {server} for the time"},
      {"clock_set", "sets its clock to {time} (server {server})"},
      {"ntp_kiss_of_death", "gets the kiss-o'-death {code} from {server}: {consequence}"},
      {"ntp_reply_ignored", "ignores a time from {from}: {reason}"},
      {"ntp_request_failed", "cannot ask {server} for the time: {reason}"},
      {"name_query_sent", "asks {server} for the address of {name} (attempt {attempt})"},
      {"name_resolved", "knows {name} = {address}"},
      {"name_resolution_failed", "does not find {name}: {reason}"},
      {"name_server_failed", "does not get {name} from {server}: {reason}"},
      {"name_answer_ignored", "ignores an answer about {name} from {from}: {reason}"},
      {"http_request_sent", "requests {url} from {address} ({purpose})"},
      {"http_response_received", "receives {status}, {octets} octets, for {url}"},
      {"http_redirect_followed", "follows the redirect of {url} to {to}"},
      {"http_address_failed", "does not reach {address} for {url}: {reason}"},
      {"http_request_failed", "fails to get {url}: {reason}"},
      {"http_request_cancelled", "gives up the request of {url}"},
      {"sip_request_sent", "sends SIP {method} to {to} (attempt {attempt})"},
      {"sip_response_received", "receives SIP {status} to {method} from {from}"},
      {"sip_request_received", "receives SIP {method} from {from}"},
      {"sip_response_sent", "answers SIP {method} with {status}: {reason}"},
      {"sip_response_withheld", "does not answer SIP {method} with {status}: {reason}"},
      {"sip_message_ignored", "ignores a SIP message from {from}: {reason}"},
      {"sip_port_failed", "cannot listen for SIP: {reason}"},
      {"sip_send_failed", "cannot send SIP to {to}: {reason}"},
      {"trigger_received", "is told to provision: {trigger}"},
      {"trigger_remembered", "is to provision afterwards: {trigger}"},
      {"schedule_planned", "is to provision at {next} ({local} local time)"},
      {"schedule_delayed", "waits {delay~} more, as it is told to"},
      {"schedule_minute_drawn", "has drawn its minute: {time}"},
      {"schedule_refused", "cannot provision at a time: {reason}"},
      {"run_started", "== run {run} starts ({trigger})"},
      {"precondition_met", "has the precondition {precondition} after {waited~}"},
      {"precondition_failed", "lacks the precondition {precondition}: {reason}"},
      {"stage_started", "stage {stage}: asks {sources}"},
      {"stage_ended", "stage {stage} ends: {result}"},
      {"source_started", "asks the source {source}"},
      {"source_skipped", "skips the source {source}: {reason}"},
      {"source_answered", "gets an answer of {source}: {url} (usable: {usable}; {reason})"},
      {"dhcp_url_diagnosed", "finds fault with its DHCP options: {diagnosis}"},
      {"marker_unknown", "leaves the unknown marker {marker} in {url}"},
      {"source_failed", "gets no URL of {source}: {reason}"},
      {"source_cancelled", "cancels the source {source}"},
      {"winner_chosen", "** uses {url}, found by {source}"},
      {"late_answer_ignored", "ignores the late answer of {source}: {url}"},
      {"unauthenticated_source", "notes that {source} cannot be authenticated"},
      {"next_source_tried", "goes on to the next source: {failed_source} led to no document"},
      {"url_chosen", "provisions from {url} ({source})"},
      {"document_download_started", "downloads document {index}: {url}"},
      {"document_downloaded", "has downloaded {url}: {status}, {octets} octets"},
      {"document_download_failed", "fails to download {url}: {reason}"},
      {"https_given_up", "has no answer of {url}, so it asks {instead}: {reason}"},
      {"document_classified", "reads {url} as {type}: {sections}"},
      {"document_refused", "refuses {url}: {reason}"},
      {"downgrade_found", "sees {url} named by http in {document}, which came by https"},
      {"reference_skipped", "passes over {url}: {reason}"},
      {"run_limit", "ends its run after {limit~}, the limit"},
      {"section_migrated",
       "migrates section {section} from {from} to {to} ({by}; steps: {steps}) {changes}"},
      {"setting_stripped", "leaves out {path}, which this release does not know"},
      {"section_applied", "applies section {section} ({mode}, changed: {changed})"},
      {"section_rejected", "rejects section {section}: {reason}"},
      {"document_warning", "reads {url} although {warning}"},
      {"operation_applied", "does {operation} {path} (matches: {matches})"},
      {"operation_failed", "cannot do {operation} {path}: {reason}"},
      {"store_saved", "saves its settings"},
      {"store_failed", "cannot save its settings: {reason}"},
      {"setting_refused", "refuses the setting {path}: {reason}"},
      {"store_damaged", "cannot use its store, kept aside as '{aside}': {reason}"},
      {"backup_made", "makes a backup of {octets} octets"},
      {"web_port_failed", "cannot serve its Web UI: {reason}"},
      {"web_login", "lets {user} ({role}) in to its Web UI, from {from} by {by}"},
      {"web_login_refused", "lets somebody from {from} not in to its Web UI: {reason}"},
      {"web_logout", "logs {user} out of its Web UI"},
      {"web_request_refused", "refuses {request} from {from}: {reason}"},
      {"web_password_changed", "has another password for {user}"},
      {"upload_received", "receives an upload of {octets} octets"},
      {"upload_ended", "ends the upload {result}: {reason}"},
      {"run_ended", "== run {run} ends {result}: {sentence}"},
      {"menu_used", "menu: {entry} {value}"},
      {"phone_booted", "-- {mac} boots"},
      {"phone_quiet", "-- has been quiet for {for~}"},
      {"phone_asked", "-- a person is asked to {what}"},
      {"power_failed", "-- the power fails for {for~}"},
      {"run_stopped", "-- stopped by the limit of {limit}: {doing}"},
      {"cable_moved", "-- cable of {of}: in = {in}"},
      {"race_answer_held", "has its answer [{answer}] ready for the race"},
      {"race_formed", "-- the race is formed: {order}"},
      {"configuration_judged", "-- its settings are now others in {sections}"},
      {"setting_observed", "-- setting {path} = {value}"}};
  return kSentences;
}

std::string predicate(const TraceRecord& record) {
  return event_sentence(
      record.event(), [&](std::string_view key) { return record.field(key); },
      [&] { return record.fields(); });
}

bool in_the_way(const TraceRecord& record) {
  return told_by_others(record.event(), [&](std::string_view key) { return record.field(key); });
}

/// Writes the lines of one time line. A reason that is long is told once: what follows from it
/// often gives it again.
class LineWriter {
 public:
  LineWriter(const Trace& trace, WallTime epoch, Instant last)
      : trace_(trace), wall_(epoch, last) {}

  /// `    1.234000 s  device     asks 192.0.2.1 for the time`, and from a minute on
  /// `   61.000000 s 08:01:01  device     ...`
  std::string line(const TraceRecord& record) {
    const double seconds = static_cast<double>(record.at().time_since_epoch().count()) / 1e9;
    const std::string words = event_sentence(
        record.event(), [&](std::string_view key) { return once(key, record.field(key)); },
        [&] { return record.fields(); });
    return fmt::format("{:>12.6f} s{}  {:<10} {}", seconds, wall_.beside(record.at()),
                       trace_.host_name(record.host()), words);
  }

 private:
  static constexpr std::size_t kLongReason = 48;

  std::optional<std::string> once(std::string_view key, std::optional<std::string> value) {
    if (key != "reason" || !value || value->size() < kLongReason) return value;
    return told_.insert(*value).second ? value : "as above";
  }

  const Trace& trace_;
  WallColumn wall_;
  std::set<std::string> told_;
};

}  // namespace

std::string filled(std::string_view words, const FieldLookup& field) {
  std::string text;
  while (!words.empty()) {
    const std::size_t open = std::min(words.find('{'), words.size());
    text += words.substr(0, open);
    words.remove_prefix(open);
    if (words.empty()) break;
    const std::size_t close = words.find('}');
    // `{waited~}` is a time, to be told as people say it.
    std::string_view key = words.substr(1, close - 1);
    const bool time = key.ends_with('~');
    if (time) key.remove_suffix(1);
    const std::string value = field(key).value_or("-");
    text += time ? spoken_exactly(value) : value;
    words.remove_prefix(close + 1);
  }
  return text;
}

std::string event_sentence(std::string_view event, const FieldLookup& field,
                           const FieldListing& fields) {
  const auto known = sentences().find(event);
  if (known != sentences().end()) return filled(known->second, field);
  std::string text(event);
  for (const auto& [key, value] : fields()) {
    text += fmt::format(" {}={}", key, value.empty() ? "''" : value);
  }
  return text;
}

bool told_by_others(std::string_view event, const FieldLookup& field) {
  // A broadcast that a host has no use for is no loss.
  if (event == "packet_lost") {
    return field("to").value_or("").starts_with("255.255.255.255:") &&
           field("reason").value_or("").starts_with("no socket");
  }
  return event == "packet_sent" || event == "packet_received" || event == "address_configured" ||
         event == "power_changed" || event == "link_changed";
}

std::string sentence_of(const Trace& trace, const TraceRecord& record) {
  return fmt::format("{} {}", trace.host_name(record.host()), predicate(record));
}

std::optional<std::string> log_sentence(const TraceRecord& record) {
  const auto field = [&record](std::string_view key) { return record.field(key); };
  if (told_by_others(record.event(), field)) return std::nullopt;
  std::string sentence = predicate(record);
  if (sentence.starts_with("-- ")) return std::nullopt;
  if (sentence.starts_with("== ")) sentence.erase(0, 3);
  return sentence;
}

std::vector<std::string> narrate(const Trace& trace, WallTime epoch) {
  std::vector<std::string> lines;
  if (trace.size() == 0) return lines;
  LineWriter writer(trace, epoch, trace.event(trace.last()).at());
  const auto tell = [&](EventNumber first, EventNumber end) {
    for (EventNumber number = first; number < end; ++number) {
      const TraceRecord record = trace.event(number);
      if (!in_the_way(record)) lines.push_back(writer.line(record));
    }
  };
  const EventNumber end = trace.last() + 1;
  if (trace.size() <= kMostNarrated) {
    tell(trace.first(), end);
    return lines;
  }
  tell(trace.first(), trace.first() + kMostNarrated / 2);
  lines.push_back(fmt::format("... {} events more ...", trace.size() - kMostNarrated));
  tell(end - kMostNarrated / 2, end);
  return lines;
}

std::vector<std::string> narrate_around(const Trace& trace, EventNumber event, WallTime epoch) {
  const auto is_shown = [&](EventNumber number) {
    return number == event || !in_the_way(trace.event(number));
  };
  EventNumber begin = std::clamp(event, trace.first(), trace.last() + 1);
  for (std::size_t before = 0; before < kBefore && begin > trace.first();) {
    if (is_shown(--begin)) ++before;
  }
  std::vector<std::string> lines;
  std::vector<EventNumber> shown;
  for (std::size_t after = 0; begin <= trace.last(); ++begin) {
    if (!is_shown(begin)) continue;
    if (begin > event && ++after > kAfter) break;
    shown.push_back(begin);
  }
  if (shown.empty()) return lines;
  LineWriter writer(trace, epoch, trace.event(shown.back()).at());
  for (const EventNumber number : shown) {
    lines.push_back((number == event ? "> " : "  ") + writer.line(trace.event(number)));
  }
  return lines;
}

}  // namespace provlab::lab
