#pragma once
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "core/net/device_clock.hpp"
#include "core/net/resolver.hpp"
#include "core/net/url.hpp"
#include "core/platform/device_identity.hpp"
#include "core/platform/host.hpp"

namespace provlab::net {

/// SPEC 5.8.
struct HttpLimits {
  Duration connect = std::chrono::seconds(10);  ///< TCP and TLS handshake of each hop
  Duration total = std::chrono::seconds(60);    ///< the whole get(): names, redirects and body
  unsigned redirects = 5;
  std::size_t body = std::size_t{1} << 20;  ///< octets
};

enum class HttpFailure {
  name,                ///< the host's name did not resolve
  no_route,            ///< no way to the server's address, or the device has no address
  connect,             ///< refused or reset while connecting
  connect_timeout,     ///< no connection within HttpLimits::connect
  tls,                 ///< handshake or certificate, or a clock too wrong to judge one
  timeout,             ///< HttpLimits::total
  reset,               ///< the established connection was reset
  truncated,           ///< closed before the answer was whole
  too_large,           ///< more than HttpLimits::body, or endless headers
  too_many_redirects,  ///< more than HttpLimits::redirects
  downgrade,           ///< a redirect from https to http
  bad_redirect,        ///< a redirect without a usable Location
  protocol,            ///< the answer is not understandable HTTP
};
std::string_view to_string(HttpFailure failure);  ///< as spelt above

struct HttpError {
  HttpFailure failure;
  std::string text;  ///< part of a sentence: "connection to 198.51.100.10:80 was refused"
};

struct HttpResponse {
  int status = 0;
  std::string content_type;
  std::string location;  ///< as received
  std::string body;
  Url final_url;  ///< after redirects: what references resolve against (SPEC 5.5)
};

using HttpResult = std::expected<HttpResponse, HttpError>;

class HttpTransport;
struct HttpExchange;

/// Downloads by HTTP/1.1 over libcurl on the host's transfer sockets (SPEC 5.8). Names are resolved
/// by our own Resolver and redirects followed by ourselves, so that every hop is resolved, counted,
/// checked and traced. Connections are kept alive between requests until close_idle().
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

  /// One GET. With `follow` 301, 302, 303, 307 and 308 are followed, without they are answers like
  /// any other status. `purpose` goes into the trace. Cancelling the awaiting coroutine closes the
  /// transfer's connection at once and starts nothing new.
  Task<HttpResult> get(Url url, HttpLimits limits, bool follow, std::string purpose);

  bool idle() const;  ///< whether no transfer is under way
  /// Closes the connections kept alive; precondition idle().
  void close_idle();

 private:
  HttpResult fail_request(const HttpExchange& exchange, HttpError error);
  std::expected<Url, HttpError> next_hop(const Url& url, int status, const std::string& location);

  Host& host_;
  Resolver& resolver_;
  DeviceClock& clock_;
  const DeviceIdentity& device_;
  std::string ca_file_;
  std::unique_ptr<HttpTransport> transport_;  ///< made by the first request
};

}  // namespace provlab::net
