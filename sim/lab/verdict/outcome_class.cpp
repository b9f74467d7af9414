#include "sim/lab/verdict/outcome_class.hpp"

#include <fmt/format.h>

#include "core/discovery/events.hpp"
#include "core/platform/checksum.hpp"
#include "core/service/check_sync_events.hpp"
#include "core/service/events.hpp"
#include "netfakes/events.hpp"

namespace provlab::lab {

namespace {

void append(std::string& list, std::string_view separator, std::string_view item) {
  if (!list.empty()) list += separator;
  list += item;
}

/// `load http://prov/a.xml of 192.0.2.10`.
std::string words_of_check_sync(const TraceRecord& accepted) {
  const std::string from = accepted.field("from").value_or("");
  const auto url = accepted.field("url");
  return fmt::format("{}{}{} of {}", accepted.field("action").value_or(""), url ? " " : "",
                     url.value_or(""), from.substr(0, from.find(':')));
}

}  // namespace

const char* told_in(const TraceRecord& record) {
  if (record.is<netfakes::RequestReceived>()) {
    return record.says("kind", "http") ? "requests" : nullptr;
  }
  if (record.is<service::RunStarted>() || record.is<service::CheckSyncAccepted>()) return "heard";
  const bool result = record.is<discovery::WinnerChosen>() || record.is<service::RunEnded>();
  return result ? "result" : nullptr;
}

OutcomeClass outcome_of(const Trace& trace, const settings::Configuration& configuration) {
  OutcomeClass outcome;
  std::string winner = "none";
  bool under_way = false;
  bool check_syncs = false;
  const auto end = [&](std::string_view result) {
    append(outcome.winner, " ", winner);
    append(outcome.result, " ", result);
    winner = "none";
    under_way = false;
  };
  for (const TraceRecord record : trace) {
    if (record.is<netfakes::RequestReceived>()) {
      if (record.field("kind") != "http") continue;
      append(outcome.requests, ", ",
             fmt::format("{} at {}", record.field("request").value_or(""),
                         trace.host_name(record.host())));
    } else if (record.is<service::RunStarted>()) {
      if (under_way) end("none");
      under_way = true;
      append(outcome.heard, ", ", "run");
    } else if (record.is<service::CheckSyncAccepted>()) {
      check_syncs = true;
      append(outcome.heard, ", ", words_of_check_sync(record));
    } else if (record.is<discovery::WinnerChosen>()) {
      winner = record.field("source").value_or("");
    } else if (record.is<service::RunEnded>()) {
      end(record.field("result").value_or(""));
    }
  }
  if (under_way) end("none");
  if (!check_syncs) outcome.heard.clear();
  outcome.settings = checksum_of(configuration.to_xml());
  return outcome;
}

std::string OutcomeClass::to_string() const {
  return fmt::format("winner {}, result {}, requests {}{}{}, settings {:08x}", winner, result,
                     requests.empty() ? "none" : requests, heard.empty() ? "" : ", heard ", heard,
                     static_cast<std::uint32_t>(settings ^ settings >> 32));
}

}  // namespace provlab::lab
