// SPEC I5: once a source has won, the others start nothing and none of their answers counts. What
// left on the wire is believed before what the core says of itself.
#include <fmt/format.h>

#include "core/discovery/events.hpp"
#include "core/net/dhcp_events.hpp"
#include "core/net/net_events.hpp"
#include "core/net/sip_events.hpp"
#include "core/net/url.hpp"
#include "sim/lab/verdict/invariants/checker.hpp"
#include "sim/world/events.hpp"

namespace provlab::lab {

namespace {

constexpr std::string_view kMulticastGroup = "224.0.1.75:5060";  // SPEC 4.2

void check_no_source_begun(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  if (!phone.has_winner()) return;
  breaches.add(
      fmt::format("{} was begun after {} had won", text_of(record, "source"), phone.run().winner));
}

void check_no_answer_judged(const TraceRecord& record, const PhoneState& phone,
                            Breaches& breaches) {
  if (!phone.has_winner()) return;
  breaches.add(fmt::format("an answer of {} was judged after {} had won", text_of(record, "source"),
                           phone.run().winner));
}

void check_no_redirect_request(const TraceRecord& record, const PhoneState& phone,
                               Breaches& breaches) {
  if (!phone.has_winner() || !record.says("purpose", "redirect")) return;
  breaches.add(fmt::format("the redirect service was asked after {} had won", phone.run().winner));
}

bool is_at(const std::string& url, std::string_view host) {
  const auto parsed = net::Url::parse(url);
  return parsed && parsed->host() == host;
}

/// The name may be that of a document's server as well.
void check_no_redirect_name(const TraceRecord& record, const PhoneState& phone,
                            Breaches& breaches) {
  if (!phone.has_lost("redirect") || !record.says("name", phone.redirect_host())) return;
  if (is_at(phone.run().document_url, phone.redirect_host())) return;
  breaches.add(fmt::format("the redirect service's name was asked for after {} had won",
                           phone.run().winner));
}

void check_no_subscribe(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  if (!phone.has_winner() || !record.says("method", "SUBSCRIBE")) return;
  breaches.add(fmt::format("a SUBSCRIBE was sent after {} had won", phone.run().winner));
}

void check_no_inform(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  if (!phone.has_lost("dhcp") || !record.says("message", "INFORM")) return;
  breaches.add(fmt::format("a DHCPINFORM was sent after {} had won", phone.run().winner));
}

void check_no_multicast(const TraceRecord& record, const PhoneState& phone, Breaches& breaches) {
  if (!phone.has_winner() || !record.says("to", kMulticastGroup)) return;
  breaches.add(
      fmt::format("a packet went to {} after {} had won", kMulticastGroup, phone.run().winner));
}

constexpr Check kLosersChecks[] = {{&kEventType<discovery::SourceStarted>, check_no_source_begun},
                                   {&kEventType<discovery::SourceAnswered>, check_no_answer_judged},
                                   {&kEventType<net::HttpRequestSent>, check_no_redirect_request},
                                   {&kEventType<net::NameQuerySent>, check_no_redirect_name},
                                   {&kEventType<net::SipRequestSent>, check_no_subscribe},
                                   {&kEventType<net::DhcpSent>, check_no_inform},
                                   {&kEventType<world::PacketSent>, check_no_multicast}};

}  // namespace

const Checker kLosersChecker{kLosersAreSilent, kLosersChecks};

}  // namespace provlab::lab
