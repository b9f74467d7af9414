#include "core/service/provisioning_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/discovery/events.hpp"
#include "core/net/markers.hpp"
#include "core/service/events.hpp"

namespace provlab::service {

namespace {

constexpr std::string_view kNetworkAdvice =
    "check the cable and the DHCP server, or give the phone a static address";
constexpr std::string_view kTimeAdvice =
    "check the NTP server of DHCP option 42 or of time/ntpServer";

discovery::SourceSettings read_sources(const settings::Configuration& configuration) {
  return {.dhcp = configuration.flag("provisioning/dhcp", true),
          .redirect = configuration.flag("provisioning/redirect", true),
          .multicast = configuration.flag("provisioning/pbx", true),
          .configured_url = configuration.text("provisioning/url")};
}

}  // namespace

ProvisioningRun::ProvisioningRun(RunSurroundings& around, unsigned number, RunRequest request)
    : around_(around),
      host_(around.host),
      number_(number),
      request_(std::move(request)),
      started_(host_.now()),
      limit_(host_, around.options.run_limit),
      downloader_(host_, around.device,
                  {.limits = around.options.limits,
                   .stop_on_reference_failure = around.options.stop_on_reference_failure,
                   .refuse_downgrade = around.options.refuse_downgrade},
                  limit_, tally_, around.settings, around.http) {}

Instant ProvisioningRun::bounded(Duration wait) const {
  return std::min(host_.now() + wait, limit_.deadline());
}

Task<RunResult> ProvisioningRun::perform() {
  host_.record(RunStarted{number_, request_.trigger});
  if (request_.trigger != Trigger::manual &&
      !around_.settings.configuration().flag("provisioning/active", true)) {
    co_return RunResult::inactive;
  }
  // The network may go while the time is waited for; both must hold before anything is asked.
  do {
    const bool network = co_await await_network();
    if (!network) co_return RunResult::no_network;
    const bool time = co_await await_time();
    if (!time) co_return RunResult::no_valid_time;
  } while (!around_.network.available());

  RunResult result = RunResult::no_url;
  for (;;) {
    auto chosen = co_await choose_url();
    // A later source that gives no URL does not undo what became of the one before.
    if (!chosen) co_return result;
    const bool another = std::holds_alternative<discovery::SourceKind>(chosen->origin) &&
                         around_.options.next_source_on_failure;
    result = co_await download(std::move(*chosen));
    if (result != RunResult::download_failed || !another || limit_.reached()) co_return result;
    host_.record(NextSourceTried{source_});
  }
}

Task<bool> ProvisioningRun::await_network() {
  const Instant since = host_.now();
  const bool available =
      co_await around_.network.wait_available(bounded(around_.options.network_wait));
  if (available) {
    host_.record(PreconditionMet{"network", host_.now() - since});
  } else {
    fail_precondition("network", since, around_.network.why_unavailable(), kNetworkAdvice);
  }
  co_return available;
}

Task<bool> ProvisioningRun::await_time() {
  const Instant since = host_.now();
  const Instant until = bounded(around_.options.time_wait);
  while (!around_.clock.valid() && host_.now() < until) {
    co_await around_.clock.changed().wait_until(until);
  }
  if (around_.clock.valid()) {
    host_.record(PreconditionMet{"time", host_.now() - since});
    co_return true;
  }
  if (!around_.network.available()) {
    fail_precondition(
        "time", since,
        "the network went while the time was waited for, " + around_.network.why_unavailable(),
        kNetworkAdvice);
    co_return false;
  }
  std::string reason = around_.network.knows_ntp_server()
                           ? "no NTP server gave a time that can be used"
                           : "neither DHCP nor the settings name an NTP server";
  if (const std::string cause = around_.network.time_trouble(); !cause.empty()) {
    reason += ", " + cause;
  }
  fail_precondition("time", since, reason, kTimeAdvice);
  co_return false;
}

void ProvisioningRun::fail_precondition(std::string_view precondition, Instant since,
                                        std::string_view reason, std::string_view advice) {
  const Duration waited = host_.now() - since;
  host_.record(PreconditionFailed{precondition, waited, reason});
  reason_ = fmt::format("{} (waited {}); {}", reason, provlab::to_string(waited), advice);
  if (limit_.time_is_up()) limit_.reach();
}

Task<std::optional<ProvisioningRun::Chosen>> ProvisioningRun::choose_url() {
  if (request_.trigger == Trigger::check_sync && !request_.detail.empty()) {
    co_return choose_given(request_.detail);
  }
  if (request_.trigger == Trigger::manual && !around_.options.manual_sequence) {
    const std::string url = around_.settings.configuration().text("provisioning/url");
    if (!url.empty()) co_return choose_given(url);
  }
  co_return co_await search();
}

/// Takes the URL that came with the trigger.
std::optional<ProvisioningRun::Chosen> ProvisioningRun::choose_given(std::string_view text) {
  auto url = net::Url::parse(net::replace_markers(text, around_.device, host_));
  if (!url) {
    reason_ = fmt::format("the URL given cannot be used, {}; give an absolute http or https URL",
                          url.error().text);
    return std::nullopt;
  }
  return Chosen{std::move(*url), request_.trigger};
}

Task<std::optional<ProvisioningRun::Chosen>> ProvisioningRun::search() {
  discovery::SourceSettings sources = read_sources(around_.settings.configuration());
  sources.tried = tried_;
  discovery::StagedSearch search(host_, around_.device, around_.options.discovery,
                                 &around_.network.dhcp(), around_.http, around_.sip);
  std::optional<discovery::FoundUrl> found;
  if (!limit_.time_is_up()) {
    found = co_await search.run(std::move(sources), limit_.deadline());
  }
  if (!found) {
    if (limit_.time_is_up()) limit_.reach();
    const std::string failures = fmt::format("{}", fmt::join(search.failures(), "; "));
    reason_ = fmt::format(
        "no source gave one that can be used{}{}{}; set DHCP options 66 and 67, register the phone "
        "with the redirect service, or enter provisioning/url",
        failures.empty() ? "" : " (", failures, failures.empty() ? "" : ")");
    co_return std::nullopt;
  }
  note_turn(found->source);
  co_return Chosen{std::move(found->url), found->source, found->or_by_http};
}

/// What comes up to the winner in the sequence has had its turn, the winner's rivals have not.
void ProvisioningRun::note_turn(discovery::SourceKind winner) {
  for (const auto& stage : around_.options.discovery.sequence) {
    if (std::ranges::find(stage, winner) != stage.end()) return tried_.push_back(winner);
    tried_.insert(tried_.end(), stage.begin(), stage.end());
  }
}

Task<RunResult> ProvisioningRun::download(Chosen chosen) {
  source_ = std::visit([](auto origin) { return to_string(origin); }, chosen.origin);
  host_.record(UrlChosen{chosen.url.to_string(), source_});
  co_await downloader_.load(std::move(chosen.url), chosen.or_by_http);
  co_return judge(tally_);
}

std::string ProvisioningRun::sentence(RunResult result) const {
  return describe(result, reason_, tally_, limit_.reached() ? TimeLimit::reached : TimeLimit::kept);
}

}  // namespace provlab::service
