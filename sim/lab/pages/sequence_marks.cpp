#include "sim/lab/pages/sequence_marks.hpp"

#include <map>

#include "sim/lab/trace/narration.hpp"

namespace provlab::lab {

namespace {

struct MarkWords {
  Mark::Kind kind;
  std::string_view words;  ///< `{field}` stands for the field's value
  std::string_view detail = {};
};

const std::map<std::string_view, MarkWords>& mark_words() {
  using enum Mark::Kind;
  static const std::map<std::string_view, MarkWords> kWords{
      {"powered_on", {note, "switched on ({type} {release})"}},
      {"powered_off", {note, "switched off"}},
      {"reboot_requested", {note, "reboots: {from} asks for it"}},
      {"menu_used", {note, "menu: {entry}"}},
      {"power_failed", {note, "the power fails for {for}"}},
      {"cable_moved", {note, "cable of {of}: in = {in}"}},
      {"server_switched", {note, "{kind} of {of}: running = {running}"}},
      {"lease_bound", {note, "has the address {address}"}},
      {"lease_lost", {trouble, "loses its address: {reason}"}},
      {"address_conflict", {trouble, "{holder} has {address} already"}},
      {"dhcp_refused", {trouble, "DHCP refused: {reason}"}},
      {"clock_set", {note, "clock set"}},
      {"run_started", {run, "run {run} starts ({trigger})"}},
      {"run_ended", {run, "run {run} ends {result}"}},
      {"precondition_failed", {trouble, "no {precondition}: {reason}"}},
      {"stage_started", {note, "stage {stage}: asks {sources}"}},
      {"source_failed", {trouble, "{source}: no URL"}},
      {"source_cancelled", {note, "gives up {source}"}},
      {"race_formed",
       {race, "the race is formed",
        "all answers are due; they are to arrive in the order {order}"}},
      {"race_answer_held", {note, "{answer} is ready"}},
      {"winner_chosen", {winner, "{source} wins"}},
      {"late_answer_ignored", {trouble, "late answer of {source}: ignored"}},
      {"check_sync_accepted", {note, "accepts the check-sync: {action}"}},
      {"check_sync_nothing_to_load", {note, "has nothing to load: {reason}"}},
      {"check_sync_replaced", {trouble, "forgets the oldest delayed check-sync: {action}"}},
      {"check_sync_refused", {trouble, "refuses the NOTIFY: {status}"}},
      {"name_resolution_failed", {trouble, "does not find {name}"}},
      {"http_address_failed", {trouble, "address failed: {reason}"}},
      {"http_request_failed", {trouble, "request failed: {reason}"}},
      {"document_refused", {trouble, "document refused: {reason}"}},
      {"https_given_up", {trouble, "by http instead: {reason}"}},
      {"downgrade_found", {trouble, "by http: {url}"}},
      {"reference_skipped", {trouble, "skips {url}"}},
      {"section_applied", {note, "{section} applied, changed = {changed}"}},
      {"section_rejected", {trouble, "{section} rejected: {reason}"}},
      {"operation_failed", {trouble, "operation failed: {reason}"}},
      {"upload_received", {note, "upload of {octets} octets"}},
      {"upload_ended", {note, "upload {result}"}},
      {"backup_made", {note, "backup made"}},
      {"store_damaged", {trouble, "store damaged"}},
      {"store_failed", {trouble, "store cannot be written"}},
      {"fault_injected", {trouble, "fault: {fault}"}},
      {"answer_withheld", {trouble, "gives no answer [{answer}]"}},
      {"answer_failed", {trouble, "cannot answer: {reason}"}},
      {"run_limit", {trouble, "the run takes longer than {limit}"}},
      {"scenario_ended", {note, "the scenario ends ({reason})"}}};
  return kWords;
}

}  // namespace

std::optional<Mark> mark_of(const LoggedEvent& event) {
  const auto found = mark_words().find(event.name);
  if (found == mark_words().end()) return std::nullopt;
  const auto lookup = [&](std::string_view key) -> std::optional<std::string> {
    const std::string_view value = event.field(key);
    return std::string(value.empty() ? "-" : value);
  };
  return Mark{event.number,
              event.at,
              0,
              found->second.kind,
              filled(found->second.words, lookup),
              filled(found->second.detail, lookup)};
}

}  // namespace provlab::lab
