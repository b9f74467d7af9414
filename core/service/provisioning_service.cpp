#include "core/service/provisioning_service.hpp"

#include <utility>

#include "core/platform/user_info.hpp"
#include "core/service/events.hpp"

namespace provlab::service {

ProvisioningService::ProvisioningService(Host& host, const DeviceIdentity& device,
                                         ServiceOptions options, settings::DeviceSettings& settings,
                                         NetworkManager& network, net::DeviceClock& clock,
                                         net::HttpClient& http, net::SipEndpoint& sip)
    : options_(std::move(options)),
      around_{host, device, options_, settings, network, clock, http, sip},
      wake_(host) {}

void ProvisioningService::trigger(Trigger trigger, std::string detail) {
  around_.host.record(TriggerReceived{trigger, shown_url(detail)});
  if (!busy_) {
    busy_ = true;
    next_ = RunRequest{trigger, std::move(detail)};
    wake_.notify_all();
    return;
  }
  const auto replaces = remembered_ ? std::optional(remembered_->trigger) : std::nullopt;
  around_.host.record(TriggerRemembered{trigger, replaces});
  remembered_ = RunRequest{trigger, std::move(detail)};
}

Task<> ProvisioningService::run() {
  for (;;) {
    while (!next_) co_await wake_.wait_until(kNever);
    RunRequest request = std::move(*next_);
    next_.reset();
    co_await perform(std::move(request));
    next_ = std::exchange(remembered_, std::nullopt);
    busy_ = next_.has_value();
  }
}

Task<> ProvisioningService::perform(RunRequest request) {
  current_.emplace(around_, ++runs_, std::move(request));
  const RunResult result = co_await current_->perform();
  co_await throw_if_cancelled();  // a run cut off has no result
  const DocumentTally tally = current_->tally();
  const std::string sentence = current_->sentence(result);
  const std::string_view source = current_->source();
  const Duration duration = around_.host.now() - current_->started();
  current_.reset();
  if (around_.http.idle()) around_.http.close_idle();
  around_.host.record(
      RunEnded{runs_, result, sentence, source, tally, duration, resources_released()});
}

}  // namespace provlab::service
