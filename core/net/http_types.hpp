#pragma once
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "core/net/url.hpp"
#include "core/platform/time.hpp"

/// What a request by HTTP is given and what comes of it.
namespace provlab::net {

/// SPEC 5.8.
struct HttpLimits {
  Duration connect = std::chrono::seconds(10);  ///< TCP and TLS handshake of each hop
  Duration total = std::chrono::seconds(60);    ///< the whole get(): names, redirects and body
  unsigned redirects = 5;
  std::size_t body = std::size_t{1} << 20;  ///< octets
};

/// What becomes of an answer 301, 302, 303, 307 or 308.
enum class Redirects {
  follow,
  answer,  ///< it is an answer like any other status
};

/// What a request is for.
enum class Purpose { document, redirect_service };
std::string_view to_string(Purpose purpose);  ///< the word in the trace: `document`, `redirect`

enum class HttpFailure {
  name,                ///< the host's name did not resolve
  no_route,            ///< no way to the server's address, or the device has no address
  connect,             ///< refused or reset while connecting
  connect_timeout,     ///< no connection within HttpLimits::connect
  tls,                 ///< handshake or certificate, or a clock too wrong to judge one
  trust,               ///< the phone itself has no certificates to judge others by
  timeout,             ///< HttpLimits::total
  reset,               ///< the established connection was reset
  truncated,           ///< closed before the answer was whole
  too_large,           ///< more than HttpLimits::body
  headers,             ///< header lines beyond their limit
  too_many_redirects,  ///< more than HttpLimits::redirects
  downgrade,           ///< a redirect from https to http
  bad_redirect,        ///< a redirect without a usable Location
  protocol,            ///< the answer is not understandable HTTP
};
std::string_view to_string(HttpFailure failure);  ///< as spelt above

struct HttpError {
  HttpFailure failure;
  std::string text;         ///< part of a sentence: "connection to 198.51.100.10:80 was refused"
  bool reached = false;     ///< a connection stood, so that no other address is to be tried
  bool redirected = false;  ///< it befell what a redirect led to, not the URL asked for
  /// Whether connection or TLS failed, so that the server of the URL was asked nothing.
  bool unasked() const;
};

struct HttpResponse {
  int status = 0;
  std::string content_type;
  std::string location;  ///< as received
  std::string body;
  Url final_url;  ///< after redirects: what references resolve against (SPEC 5.5)
};

using HttpResult = std::expected<HttpResponse, HttpError>;

}  // namespace provlab::net
