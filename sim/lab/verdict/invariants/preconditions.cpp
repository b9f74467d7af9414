// SPEC I2: before network and time are there, no source is asked and nothing is requested.
#include <fmt/format.h>

#include "core/discovery/events.hpp"
#include "core/net/net_events.hpp"
#include "core/net/sip_events.hpp"
#include "core/service/events.hpp"
#include "sim/lab/verdict/invariants/checker.hpp"

namespace provlab::lab {

namespace {

/// `what` was done with `object`, which takes a run that has both preconditions.
void expect_prepared(std::string_view object, std::string_view what, const RunState& run,
                     Breaches& breaches) {
  if (run.under_way && run.network && run.time) return;
  if (!run.under_way)
    return breaches.add(fmt::format("{} {} while there was no run", object, what));
  breaches.add(
      fmt::format("{} {} before the {} was there", object, what, run.network ? "time" : "network"));
}

void check_asking(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  expect_prepared(text_of(record, "source"), "was asked", phone.run(), breaches);
}

void check_download(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  expect_prepared(text_of(record, "url"), "was asked for", phone.run(), breaches);
}

void check_http_request(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  expect_prepared(text_of(record, "url"), "was requested", phone.run(), breaches);
}

void check_sip_request(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  if (!record.says("method", "SUBSCRIBE")) return;
  expect_prepared("a SUBSCRIBE", "was sent", phone.run(), breaches);
}

constexpr Check kPreconditionsChecks[] = {
    {&kEventType<discovery::SourceStarted>, check_asking},
    {&kEventType<service::DocumentDownloadStarted>, check_download},
    {&kEventType<net::HttpRequestSent>, check_http_request},
    {&kEventType<net::SipRequestSent>, check_sip_request}};

}  // namespace

const Checker kPreconditionsChecker{kPreconditionsFirst, kPreconditionsChecks};

}  // namespace provlab::lab
