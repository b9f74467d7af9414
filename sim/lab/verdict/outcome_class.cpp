#include "sim/lab/verdict/outcome_class.hpp"

#include <fmt/format.h>

#include "core/discovery/events.hpp"
#include "core/platform/checksum.hpp"
#include "core/service/events.hpp"
#include "netfakes/events.hpp"

namespace provlab::lab {

namespace {

void append(std::string& list, std::string_view separator, std::string_view item) {
  if (!list.empty()) list += separator;
  list += item;
}

}  // namespace

OutcomeClass outcome_of(const Trace& trace, const settings::Configuration& configuration) {
  OutcomeClass outcome;
  std::string winner = "none";
  bool under_way = false;
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
    } else if (record.is<discovery::WinnerChosen>()) {
      winner = record.field("source").value_or("");
    } else if (record.is<service::RunEnded>()) {
      end(record.field("result").value_or(""));
    }
  }
  if (under_way) end("none");
  outcome.settings = checksum_of(configuration.to_xml());
  return outcome;
}

std::string OutcomeClass::to_string() const {
  return fmt::format("winner {}, result {}, requests {}, settings {:08x}", winner, result,
                     requests.empty() ? "none" : requests,
                     static_cast<std::uint32_t>(settings ^ settings >> 32));
}

}  // namespace provlab::lab
