#pragma once
#include <string>
#include <variant>

#include "core/discovery/staged_search.hpp"
#include "core/net/device_clock.hpp"
#include "core/net/http_client.hpp"
#include "core/net/sip_endpoint.hpp"
#include "core/platform/device_identity.hpp"
#include "core/platform/host.hpp"
#include "core/service/downloader.hpp"
#include "core/service/network_manager.hpp"
#include "core/service/result.hpp"
#include "core/settings/device_settings.hpp"

namespace provlab::service {

/// The knobs of a run, with the defaults of SPEC 2.6–2.15 and 5.8.
struct ServiceOptions {
  Duration network_wait = std::chrono::seconds(70);
  Duration time_wait = std::chrono::seconds(70);
  Duration run_limit = std::chrono::minutes(5);
  bool next_source_on_failure = false;     ///< knob on-download-failure
  bool stop_on_reference_failure = false;  ///< knob on-reference-failure
  bool refuse_downgrade = false;           ///< knob downgrade
  bool manual_sequence = false;            ///< knob manual
  discovery::DiscoveryOptions discovery;
  net::HttpLimits limits;
};

/// What asked for a run. `detail` is the URL a check-sync brought, or empty.
struct RunRequest {
  Trigger trigger = Trigger::manual;
  std::string detail;
};

/// The device around a run; all of it outlives the run.
struct RunSurroundings {
  Host& host;
  const DeviceIdentity& device;
  const ServiceOptions& options;
  settings::DeviceSettings& settings;
  NetworkManager& network;
  net::DeviceClock& clock;
  net::HttpClient& http;
  net::SipEndpoint& sip;
};

/// One provisioning run (SPEC 2): preconditions, choice of the URL, download, result. Everything
/// that belongs to the run lives in this object and dies with it (SPEC I9).
class ProvisioningRun {
 public:
  ProvisioningRun(RunSurroundings& around, unsigned number, RunRequest request);

  /// The run from start to result; throws nothing but operation_aborted. The caller records the
  /// end, when the run's resources are gone.
  Task<RunResult> perform();

  unsigned number() const { return number_; }
  Instant started() const { return started_; }
  const DocumentTally& tally() const { return tally_; }
  /// Where the URL came from, as the trace calls it; empty where there is none.
  std::string_view source() const { return source_; }
  std::string sentence(RunResult result) const;

 private:
  struct Chosen {
    net::Url url;
    /// A source of the search, after which another may follow; or the trigger that gave the URL.
    std::variant<discovery::SourceKind, Trigger> origin;
    bool or_by_http = false;  // see discovery::FoundUrl
  };

  Task<bool> await_network();
  Task<bool> await_time();
  Task<std::optional<Chosen>> choose_url();
  std::optional<Chosen> choose_given(std::string_view text);
  Task<std::optional<Chosen>> search();
  void note_turn(discovery::SourceKind winner);
  Task<RunResult> download(Chosen chosen);
  void fail_precondition(std::string_view precondition, Instant since, std::string_view reason,
                         std::string_view advice);
  Instant bounded(Duration wait) const;

  RunSurroundings& around_;
  Host& host_;
  unsigned number_;
  RunRequest request_;
  Instant started_;
  RunLimit limit_;
  DocumentTally tally_;
  Downloader downloader_;
  std::string_view source_;  // a literal
  std::string reason_;       // why there is no network, time or URL, and what to do
  std::vector<discovery::SourceKind> tried_;
};

}  // namespace provlab::service
