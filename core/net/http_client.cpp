#include "core/net/http_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "core/net/http_head.hpp"
#include "core/net/http_status.hpp"
#include "core/net/http_transport.hpp"
#include "core/net/markers.hpp"
#include "core/net/net_events.hpp"

namespace provlab::net {

namespace {

constexpr std::size_t kMostComplaints = 4;  // of addresses, in a sentence

std::string user_agent(const DeviceIdentity& device) {
  return fmt::format("{}/{}", to_string(device.type), to_string(device.release));
}

std::unexpected<HttpError> failure(HttpFailure kind, std::string text) {
  return std::unexpected(HttpError{kind, std::move(text)});
}

}  // namespace

std::string_view to_string(Purpose purpose) {
  switch (purpose) {
    case Purpose::document:
      return "document";
    case Purpose::redirect_service:
      return "redirect";
  }
  return "";
}

HttpClient::HttpClient(Host& host, Resolver& resolver, DeviceClock& clock,
                       const DeviceIdentity& device, std::string ca_file)
    : host_(host),
      resolver_(resolver),
      clock_(clock),
      device_(device),
      ca_file_(std::move(ca_file)) {}

HttpClient::~HttpClient() = default;

bool HttpClient::idle() const {
  return !transport_ || transport_->idle();
}

void HttpClient::close_idle() {
  if (!idle()) throw std::logic_error("connections were closed while a transfer is under way");
  transport_.reset();
  reached_.clear();
}

HttpTransport& HttpClient::transport() {
  if (!transport_) {
    transport_ = std::make_unique<HttpTransport>(host_, user_agent(device_), ca_file_);
  }
  return *transport_;
}

Task<HttpResult> HttpClient::get(Url url, HttpLimits limits, Redirects redirects, Purpose purpose) {
  const Instant deadline = host_.now() + limits.total;
  for (unsigned hop = 1;; ++hop) {
    HttpExchange exchange{.url = url.to_string(),
                          .host = url.host(),
                          .server = {{}, url.port()},
                          .purpose = purpose,
                          .limits = limits,
                          .patience = {},
                          .connect_deadline = {},
                          .deadline = deadline,
                          .verify_at = {}};
    if (url.secure()) {
      if (!clock_.valid()) {
        co_return fail_request(
            exchange,
            {HttpFailure::tls, "the device's clock is not set, so no certificate can be judged"});
      }
      exchange.verify_at = clock_.now();
    }
    auto addresses = co_await resolver_.resolve(url.host(), deadline);
    if (!addresses) {
      const bool late = host_.now() >= deadline;
      co_return fail_request(
          exchange, {late ? HttpFailure::timeout : HttpFailure::name, addresses.error().text});
    }
    HttpOutcome outcome = co_await ask_in_turn(exchange, std::move(*addresses));
    if (!outcome) {
      outcome.error().redirected = hop > 1;
      co_return fail_request(exchange, std::move(outcome.error()));
    }
    host_.record(HttpResponseReceived{.url = exchange.url,
                                      .status = outcome->status,
                                      .octets = outcome->body.size(),
                                      .content_type = outcome->fields.content_type,
                                      .purpose = to_string(purpose)});
    if (redirects == Redirects::answer || !is_redirect(outcome->status)) {
      co_return answer(exchange, std::move(*outcome), std::move(url));
    }
    auto next = next_hop(exchange, url, *outcome, hop);
    if (!next) co_return fail_request(exchange, std::move(next.error()));
    url = std::move(*next);
  }
}

/// Each address gets an equal share of what is left for connecting, until one is reached
/// (SPEC 5.8). The one that a connection is kept to comes first.
Task<HttpOutcome> HttpClient::ask_in_turn(HttpExchange exchange,
                                          std::vector<Ipv4Address> addresses) {
  const std::size_t count = addresses.size();
  if (const auto kept = reached_.find(exchange.host); kept != reached_.end()) {
    const auto found = std::ranges::find(addresses, kept->second);
    if (found != addresses.end()) std::rotate(addresses.begin(), found, found + 1);
  }
  exchange.connect_deadline = host_.now() + exchange.limits.connect;
  const Instant end = std::min(exchange.connect_deadline, exchange.deadline);
  std::string complaints;
  for (std::size_t i = 0;; ++i) {
    exchange.server.address = addresses[i];
    const Instant until = count - i == 1 ? exchange.connect_deadline : end;
    exchange.patience = (until - host_.now()) / static_cast<std::int64_t>(count - i);
    HttpOutcome outcome = co_await async_exchange(transport(), exchange, use_task);
    // Where a power cut has cancelled, the end of the connection is no answer to report.
    co_await throw_if_cancelled();
    if (outcome || outcome.error().reached) {
      reached_[exchange.host] = exchange.server.address;
      co_return outcome;
    }
    if (count == 1) co_return outcome;
    HttpError& error = outcome.error();
    if (i < kMostComplaints) complaints += (i == 0 ? "" : "; ") + error.text;
    if (i + 1 == count || host_.now() >= end) {
      if (i >= kMostComplaints) complaints += fmt::format("; and {} more", i + 1 - kMostComplaints);
      error.text = fmt::format("no address of {} could be reached ({})", exchange.host, complaints);
      co_return outcome;
    }
    host_.record(HttpAddressFailed{.url = exchange.url,
                                   .address = exchange.server,
                                   .reason = error.text,
                                   .purpose = to_string(exchange.purpose)});
  }
}

HttpResult HttpClient::answer(const HttpExchange& exchange, HttpReply reply, Url url) {
  // Whatever else came with a status is not used, so its coding does not matter.
  if (status_counted_as(reply.status) == 200 && is_encoded(reply.fields.content_encoding)) {
    return fail_request(exchange,
                        {HttpFailure::protocol,
                         fmt::format("the answer is encoded as '{}', which was not asked for",
                                     reply.fields.content_encoding)});
  }
  return HttpResponse{.status = reply.status,
                      .content_type = std::move(reply.fields.content_type),
                      .location = std::move(reply.fields.location),
                      .body = std::move(reply.body),
                      .final_url = std::move(url)};
}

/// The URL of the next request, or why there is none.
std::expected<Url, HttpError> HttpClient::next_hop(const HttpExchange& exchange, const Url& url,
                                                   const HttpReply& reply, unsigned hop) {
  auto next = target_of(url, reply.status, reply.fields.location);
  if (!next) return next;
  if (hop > exchange.limits.redirects) {
    return failure(HttpFailure::too_many_redirects,
                   fmt::format("more than {} redirects", exchange.limits.redirects));
  }
  host_.record(HttpRedirectFollowed{
      .url = exchange.url, .status = reply.status, .to = next->to_string(), .hop = hop});
  return next;
}

/// Where a redirect leads, markers replaced as in any URL (SPEC 5.1), or why it is not followed.
std::expected<Url, HttpError> HttpClient::target_of(const Url& url, int status,
                                                    const std::string& location) {
  if (location.empty()) {
    return failure(HttpFailure::bad_redirect,
                   fmt::format("the answer {} names no Location to go to", status));
  }
  auto next = url.resolve(replace_markers(location, device_, host_));
  if (!next) {
    return failure(HttpFailure::bad_redirect,
                   fmt::format("the answer {} leads to a Location that is not usable: {}", status,
                               next.error().text));
  }
  if (url.secure() && !next->secure()) {
    return failure(HttpFailure::downgrade,
                   fmt::format("the answer {} leads from https to {}, which is refused", status,
                               next->to_string()));
  }
  return std::move(*next);
}

HttpResult HttpClient::fail_request(const HttpExchange& exchange, HttpError error) {
  host_.record(HttpRequestFailed{.url = exchange.url,
                                 .failure = to_string(error.failure),
                                 .reason = error.text,
                                 .purpose = to_string(exchange.purpose)});
  return std::unexpected(std::move(error));
}

}  // namespace provlab::net
