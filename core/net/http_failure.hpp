#pragma once
#include <curl/curl.h>

#include <optional>
#include <string_view>

#include "core/net/http_types.hpp"
#include "core/platform/host.hpp"

namespace provlab::net {

/// What is known of a transfer that libcurl ended with an error.
struct FailedTransfer {
  CURL* handle;
  CURLcode code;
  std::string_view detail;  ///< libcurl's error text, may be empty
  std::string_view host;
  Endpoint server;
  std::size_t body_limit;
  std::size_t body_received;
  std::optional<WallTime> verified_at;
};

/// What all header lines of an answer, its trailer's included, may have together (SPEC 5.8).
inline constexpr std::size_t kMostHeaderOctets = std::size_t{64} * 1024;

/// The failure in our terms, with a sentence part that says what happened.
HttpError explain(const FailedTransfer& transfer);

/// The failure of an answer with more than kMostHeaderOctets.
HttpError too_many_headers();

/// The failure of a server whose octets are no HTTP; `why` is the rest of a sentence about them.
HttpError not_understandable(const Endpoint& server, std::string_view why);

}  // namespace provlab::net
