#include "core/service/downloader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/discovery/events.hpp"
#include "core/net/http_status.hpp"
#include "core/net/markers.hpp"
#include "core/platform/user_info.hpp"
#include "core/service/events.hpp"
#include "core/service/result.hpp"

namespace provlab::service {

namespace {

/// What to do where a download failed on its way (SPEC 2.14), as the end of a sentence.
std::string_view advice_for(net::HttpFailure failure) {
  using net::HttpFailure;
  switch (failure) {
    case HttpFailure::name:
      return "check the host in the URL and the phone's name server";
    case HttpFailure::no_route:
      return "check the phone's address and its router";
    case HttpFailure::connect:
      return "check that the server runs and listens there";
    case HttpFailure::connect_timeout:
      return "check that the phone's network reaches the server";
    case HttpFailure::tls:
      return "check the server's certificate and the phone's time";
    case HttpFailure::timeout:
      return "check the server and the network, one of them is too slow";
    case HttpFailure::reset:
    case HttpFailure::truncated:
      return "look into the server's log";
    case HttpFailure::trust:
      return "give the phone the certificates of the authorities that it shall trust (a system's "
             "are those of the package ca-certificates)";
    case HttpFailure::headers:
      return "let the server send fewer or shorter header lines";
    case HttpFailure::too_large:
      return "split the file, or check that the URL leads to one";
    case HttpFailure::too_many_redirects:
    case HttpFailure::bad_redirect:
      return "correct the server's redirects, or give the URL that they should lead to";
    case HttpFailure::downgrade:
      return "let the server redirect to https only";
    case HttpFailure::protocol:
      return "check that a web server listens there and sends the file as it is";
  }
  return "";
}

}  // namespace

Downloader::Downloader(Host& host, const DeviceIdentity& device, DownloadOptions options,
                       RunLimit& limit, DocumentTally& tally, settings::DeviceSettings& settings,
                       net::HttpClient& http)
    : host_(host),
      device_(device),
      options_(std::move(options)),
      limit_(limit),
      tally_(tally),
      settings_(settings),
      http_(http) {}

Task<> Downloader::load(net::Url url, bool or_by_http) {
  or_by_http_ = or_by_http;
  if (limit_.time_is_up()) {
    limit_.reach();
    fail_file(url.to_string(),
              "the run's time was up before it was requested; find out what took so long and "
              "provision again");
    co_return;
  }
  co_await load_level(std::move(url), 1);
}

Task<> Downloader::load_level(net::Url url, unsigned level) {
  auto response = co_await download(url, level);
  if (!response) co_return;
  const std::string final_url = response->final_url.to_string();
  const auto document =
      settings_.read(response->body, std::move(response->content_type), final_url);
  response->body = {};  // nested files follow; only one body is held at a time
  if (!document) {
    ++tally_.refused;
    fail_file(final_url, document.error().to_string());
    co_return;
  }
  if (document->type != settings::DocumentType::reference) {
    apply(*document, response->final_url);
    co_return;
  }
  if (is_ancestor(response->final_url)) {
    skip(final_url, "it is its own ancestor after a redirect");
    co_return;
  }
  ancestors_.push_back({std::move(url), std::move(response->final_url)});
  co_await follow(*document, level + 1);
  ancestors_.pop_back();
}

Task<net::HttpResult> Downloader::get(const net::Url& url) {
  net::HttpLimits limits = options_.limits;
  limits.total = std::min(limits.total, limit_.left());
  return http_.get(url, limits, net::Redirects::follow, net::Purpose::document);
}

Task<std::optional<net::HttpResponse>> Downloader::download(net::Url& url, unsigned level) {
  std::string text = url.to_string();
  const bool or_by_http = std::exchange(or_by_http_, false);
  host_.record(DocumentDownloadStarted{text, level, ++tally_.requested});
  net::HttpResult result = co_await get(url);
  std::string by_https;
  if (!result && or_by_http && result.error().unasked() && !limit_.time_is_up()) {
    url = url.by_http();
    host_.record(HttpsGivenUp{text, url.to_string(), result.error().text});
    by_https = fmt::format("by https {}, by http ", result.error().text);
    text = url.to_string();
    result = co_await get(url);
  }
  if (!result) {
    const bool late = limit_.time_is_up();
    if (late) limit_.reach();
    const std::string what =
        late ? "the run's time was up before the answer was whole" : by_https + result.error().text;
    fail_download(url, fmt::format("{}; {}", what, advice_for(result.error().failure)),
                  std::nullopt);
    co_return std::nullopt;
  }
  if (net::status_counted_as(result->status) != 200) {
    fail_download(url, describe_http_status(result->status), result->status);
    co_return std::nullopt;
  }
  ++tally_.downloaded;
  host_.record(
      DocumentDownloaded{text, result->final_url.to_string(), result->status, result->body.size()});
  co_return std::move(*result);
}

Task<> Downloader::follow(const settings::Document& document, unsigned level) {
  const std::vector<std::string> elements = settings::references(document);
  for (const std::string& raw : elements) {
    if (limit_.time_is_up()) limit_.reach();
    std::string shown;
    const auto url = resolve_reference(raw, shown);
    if (!url) {
      skip(shown, url.error().text);
      continue;
    }
    if (const std::string reason = obstacle(*url, level); !reason.empty()) {
      skip(url->to_string(), reason);
      continue;
    }
    if (warn_of_downgrade(*url)) co_await load_level(*url, level);
  }
}

Expected<net::Url> Downloader::resolve_reference(const std::string& raw, std::string& shown) {
  if (raw.empty()) {
    shown = "an empty url element of " + ancestors_.back().final.to_string();
    return fail("it names no file");
  }
  const std::string reference = net::replace_markers(raw, device_, host_);
  shown = shown_url(reference);
  return ancestors_.back().final.resolve(reference);
}

bool Downloader::warn_of_downgrade(const net::Url& url) {
  const net::Url& document = ancestors_.back().final;
  if (!document.secure() || url.secure()) return true;
  note_downgrade(url.to_string(), document);
  if (!options_.refuse_downgrade) return true;
  skip(url.to_string(),
       "it is to be fetched by http, but the document that names it came by https; name it by "
       "https");
  return false;
}

void Downloader::note_downgrade(std::string named, const net::Url& document) {
  host_.record(DowngradeFound{std::move(named), document.to_string(), options_.refuse_downgrade});
  ++tally_.downgraded;
}

std::string Downloader::obstacle(const net::Url& url, unsigned level) const {
  if (limit_.reached()) return "the run's time limit was reached";
  if (stopped_) return "a file before it failed, and the run stops at the first failure";
  if (is_ancestor(url)) return "it is its own ancestor";
  if (level > kMaxLevels) {
    return fmt::format("it is nested deeper than {} levels of files", kMaxLevels);
  }
  if (tally_.requested >= kMaxFiles) {
    return fmt::format("the run has requested {} files already", kMaxFiles);
  }
  return "";
}

void Downloader::apply(const settings::Document& document, const net::Url& url) {
  using settings::HttpUrls;
  const bool refused = url.secure() && options_.refuse_downgrade;
  const settings::ApplyOutcome outcome =
      settings_.apply(document, url.to_string(), refused ? HttpUrls::refused : HttpUrls::taken);
  if (url.secure()) {
    for (const settings::HttpUrl& named : outcome.http_urls) note_downgrade(named.url, url);
  }
  tally_.accepted += outcome.accepted;
  tally_.rejected += outcome.rejected;
  tally_.changed = tally_.changed || outcome.changed;
  for (const std::string& section : outcome.unknown) tally_.note_unknown(section);
  if (outcome.rejected == 0) return;
  using What = settings::SectionOutcome::What;
  for (const auto& operation : outcome.operations) {
    if (operation.reason.empty()) continue;
    tally_.note_problem(
        fmt::format("{} {}: {}", operation.operation, operation.path, operation.reason));
    return;
  }
  for (const auto& section : outcome.sections) {
    if (section.what != What::rejected) continue;
    tally_.note_problem(fmt::format("section {}: {}", section.section, section.reason));
    return;
  }
}

void Downloader::fail_download(const net::Url& url, std::string reason, std::optional<int> status) {
  const std::string text = url.to_string();
  host_.record(DocumentDownloadFailed{text, reason, status});
  ++tally_.failed;
  fail_file(text, reason);
}

void Downloader::skip(std::string_view url, std::string_view reason) {
  host_.record(ReferenceSkipped{url, reason});
  ++tally_.skipped;
  fail_file(url, reason);
}

void Downloader::fail_file(std::string_view url, std::string_view reason) {
  tally_.note_problem(fmt::format("{}: {}", url, reason));
  stopped_ = stopped_ || options_.stop_on_reference_failure;
}

bool Downloader::is_ancestor(const net::Url& url) const {
  return std::ranges::any_of(ancestors_, [&](const Ancestor& ancestor) {
    return ancestor.requested == url || ancestor.final == url;
  });
}

}  // namespace provlab::service
