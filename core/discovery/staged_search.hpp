#pragma once
#include <boost/asio/cancellation_signal.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/discovery/source_kind.hpp"
#include "core/platform/device_identity.hpp"
#include "core/platform/host.hpp"
#include "core/platform/task.hpp"

namespace provlab::net {
class DhcpClient;
class HttpClient;
class SipEndpoint;
}  // namespace provlab::net

namespace provlab::discovery {

class Stage;

/// The search for the provisioning URL (SPEC 2.8).
///  1. The stages of the sequence run one after the other, until one finds a usable URL.
///  2. The sources of a stage run at the same time. The first whose usable URL has arrived whole
///     wins (SPEC 2.10). Losing is no exception (D15).
///  3. In that instant its rivals are cancelled. They start nothing new, and an answer that one of
///     them still gets is recorded as late.
///  4. DHCP reads the lease where it has a stage of its own. In a shared stage, and where there is
///     no lease, it asks by DHCPINFORM.
///  5. A source that is switched off or has had its turn in this run is skipped, and recorded so.
///  6. At the deadline the sources are cancelled, and there is no URL.
class StagedSearch {
 public:
  /// `dhcp` may be null: the device has no DHCP client. All referred to must outlive this object.
  StagedSearch(Host& host, const DeviceIdentity& device, DiscoveryOptions options,
               net::DhcpClient* dhcp, net::HttpClient& http, net::SipEndpoint& sip);

  /// One search; throws nothing but operation_aborted. One at a time.
  Task<std::optional<FoundUrl>> run(SourceSettings settings, Instant deadline);

  /// Why sources gave no URL so far, each as `source: reason`.
  const std::vector<std::string>& failures() const { return failures_; }

 private:
  Task<> run_stage(Stage& stage, const std::string& configured_url,
                   asio::cancellation_signal& stop);
  bool waits_for_nobody(const Stage& stage) const;
  Task<> search(Stage& stage, SourceKind source, const std::string& configured_url);
  std::string_view reason_to_skip(SourceKind source, const SourceSettings& settings) const;

  Host& host_;
  const DeviceIdentity& device_;
  DiscoveryOptions options_;
  net::DhcpClient* dhcp_;
  net::HttpClient& http_;
  net::SipEndpoint& sip_;
  std::vector<std::string> failures_;
};

}  // namespace provlab::discovery
