#include "sim/lab/comparing/chain.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace provlab::lab {

namespace {

/// What says little of a way: the steps around it say it too.
bool is_by_the_way(std::string_view event) {
  static constexpr std::array<std::string_view, 17> kNames{
      "stage_started",         "stage_ended",        "source_started",
      "source_cancelled",      "url_chosen",         "document_download_started",
      "document_downloaded",   "precondition_met",   "schedule_planned",
      "schedule_minute_drawn", "store_saved",        "unauthenticated_source",
      "request_received",      "network_configured", "http_request_cancelled",
      "answer_confirmed",      "dhcp_received"};
  return std::ranges::find(kNames, event) != kNames.end();
}

/// Where an outcome is decided.
std::size_t last_of(const ComparedRun& run, const std::vector<std::size_t>& alone) {
  for (std::size_t i = alone.size(); i-- > 0;) {
    if (run.name(alone[i]) == "run_ended") return alone[i];
  }
  for (std::size_t i = alone.size(); i-- > 0;) {
    if (run.steps[alone[i]].by_phone()) return alone[i];
  }
  return alone.back();
}

}  // namespace

std::vector<std::size_t> chain_of(const ComparedRun& run, const std::vector<std::size_t>& alone) {
  if (alone.empty() || run.capture) return alone;
  // Whatever happens in one moment has one cause, and is told together.
  const std::size_t last = last_of(run, alone);
  std::set<std::size_t> causes;
  for (std::size_t at = last; at != Step::kNone; at = run.steps[at].cause) causes.insert(at);
  std::vector<std::size_t> chain;
  for (const std::size_t step : alone) {
    if (step > last) break;
    const bool leads = causes.contains(step) || causes.contains(run.steps[step].cause);
    const bool first = step == alone.front();
    if (first || (leads && !is_by_the_way(run.name(step)))) chain.push_back(step);
  }
  return chain;
}

}  // namespace provlab::lab
