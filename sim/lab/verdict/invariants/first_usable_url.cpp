// SPEC I4: the winner is the usable URL that arrived first in its stage, and the first request of
// the run goes to it.
#include <fmt/format.h>

#include "core/discovery/events.hpp"
#include "core/service/events.hpp"
#include "sim/lab/verdict/invariants/checker.hpp"

namespace provlab::lab {

namespace {

void check_winner(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  const RunState& run = phone.run();
  const std::string source = text_of(record, "source");
  const std::string url = text_of(record, "url");
  if (phone.has_winner()) {
    breaches.add(fmt::format("{} won after {} had", source, run.winner));
  } else if (source != run.first_usable_source || url != run.first_usable_url) {
    breaches.add(fmt::format("{} won with {}, but the first usable URL was {} of {}", source, url,
                             run.first_usable_url, run.first_usable_source));
  }
}

void check_choice(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  const RunState& run = phone.run();
  const std::string source = text_of(record, "source");
  const std::string url = text_of(record, "url");
  if (!phone.has_winner() || (source == run.winner && url == run.winner_url)) return;
  breaches.add(fmt::format("{} of {} was taken, but {} had won with {}", url, source, run.winner,
                           run.winner_url));
}

void check_first_request(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  const RunState& run = phone.run();
  if (!run.first_request_due || record.says("url", run.chosen_url)) return;
  breaches.add(
      fmt::format("{} was asked for first, not {}", text_of(record, "url"), run.chosen_url));
}

constexpr Check kFirstUsableUrlChecks[] = {
    {&kEventType<discovery::WinnerChosen>, check_winner},
    {&kEventType<service::UrlChosen>, check_choice},
    {&kEventType<service::DocumentDownloadStarted>, check_first_request}};

}  // namespace

const Checker kFirstUsableUrlChecker{kFirstUsableUrl, kFirstUsableUrlChecks};

}  // namespace provlab::lab
