#pragma once
#include <optional>
#include <string>

#include "core/net/resolver.hpp"
#include "core/platform/task_group.hpp"
#include "core/service/provisioning_run.hpp"

namespace provlab::service {

/// Receives triggers and runs the provisioning, one run at a time (SPEC 2.1, 2.4). A trigger during
/// a run is remembered, the newest wins, and starts when the run ends. Each run leaves one
/// `run_ended` in the trace; a run cut off by power loss leaves none.
///
/// All referred to must outlive the task returned by run().
class ProvisioningService {
 public:
  ProvisioningService(Host& host, const DeviceIdentity& device, ServiceOptions options,
                      settings::DeviceSettings& settings, NetworkManager& network,
                      net::DeviceClock& clock, net::HttpClient& http, net::SipEndpoint& sip);
  ProvisioningService(const ProvisioningService&) = delete;
  ProvisioningService& operator=(const ProvisioningService&) = delete;

  /// Runs what is triggered until cancelled. Call once.
  Task<> run();
  /// `detail` is the URL that a check-sync brought (SPEC 7.2), or empty.
  void trigger(Trigger trigger, std::string detail = {});

  /// Whether a run is under way or about to start.
  bool running() const { return busy_; }
  /// Whether everything of former runs is gone (SPEC I9).
  bool resources_released() const { return !current_ && around_.http.idle(); }

 private:
  Task<> perform(RunRequest request);

  ServiceOptions options_;
  RunSurroundings around_;
  Notifier wake_;
  bool busy_ = false;  // next_ or current_ holds something
  std::optional<RunRequest> next_;
  std::optional<RunRequest> remembered_;
  std::optional<ProvisioningRun> current_;
  unsigned runs_ = 0;
};

}  // namespace provlab::service
