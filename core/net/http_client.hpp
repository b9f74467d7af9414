#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/net/device_clock.hpp"
#include "core/net/http_types.hpp"
#include "core/net/resolver.hpp"
#include "core/platform/device_identity.hpp"
#include "core/platform/host.hpp"

namespace provlab::net {

class HttpTransport;
struct HttpExchange;
struct HttpReply;
using HttpOutcome = std::expected<HttpReply, HttpError>;

/// Downloads by HTTP/1.1 over libcurl on the host's transfer sockets (SPEC 5.8). Names are resolved
/// by our own Resolver, whose addresses are tried in turn, and redirects followed by ourselves, so
/// that every hop is resolved, counted, checked and traced (D3). Connections are kept alive between
/// requests until close_idle().
///
/// Time limits are kept by Host timers, exact to the nanosecond, not by libcurl, whose timers count
/// milliseconds of a clock it reads at other moments. Certificates are verified at the time of the
/// device's clock; without a valid clock https fails.
///
/// Must live until every get() has ended, or be destroyed with its world's loop not running again.
class HttpClient {
 public:
  /// `device` gives the User-Agent, and the markers of where redirects lead their values; it must
  /// outlive this. `ca_file` names the file of the trusted certificates (PEM), or is their PEM
  /// text; empty: the system's.
  HttpClient(Host& host, Resolver& resolver, DeviceClock& clock, const DeviceIdentity& device,
             std::string ca_file = {});
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// One GET. Cancelling the awaiting coroutine closes the transfer's connection at once and starts
  /// nothing new.
  Task<HttpResult> get(Url url, HttpLimits limits, Redirects redirects, Purpose purpose);

  bool idle() const;  ///< whether no transfer is under way
  /// Closes the connections kept alive; precondition idle().
  void close_idle();

 private:
  HttpTransport& transport();
  Task<HttpOutcome> ask_in_turn(HttpExchange exchange, std::vector<Ipv4Address> addresses);
  HttpResult answer(const HttpExchange& exchange, HttpReply reply, Url url);
  HttpResult fail_request(const HttpExchange& exchange, HttpError error);
  std::expected<Url, HttpError> next_hop(const HttpExchange& exchange, const Url& url,
                                         const HttpReply& reply, unsigned hop);
  std::expected<Url, HttpError> target_of(const Url& url, int status, const std::string& location);

  Host& host_;
  Resolver& resolver_;
  DeviceClock& clock_;
  const DeviceIdentity& device_;
  std::string ca_file_;
  std::unique_ptr<HttpTransport> transport_;                 ///< made by the first request
  std::map<std::string, Ipv4Address, std::less<>> reached_;  ///< since the last close_idle()
};

}  // namespace provlab::net
