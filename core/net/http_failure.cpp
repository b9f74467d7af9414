#include "core/net/http_failure.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include "core/net/http_trust.hpp"

namespace provlab::net {

namespace {

HttpError connect_error(const std::string& server, long system_error) {
  switch (system_error) {
    case ECONNREFUSED:
      return {HttpFailure::connect, fmt::format("connection to {} was refused", server)};
    case EHOSTUNREACH:
    case ENETUNREACH:
      return {HttpFailure::no_route, fmt::format("there is no route to {}", server)};
    case ECONNRESET:
      return {HttpFailure::connect,
              fmt::format("connection to {} was reset while it was being made", server)};
    case ETIMEDOUT:
      return {HttpFailure::connect_timeout, fmt::format("connection to {} timed out", server)};
    case 0:
      return {HttpFailure::connect, fmt::format("connection to {} could not be made", server)};
    default:
      return {HttpFailure::connect,
              fmt::format("connection to {} could not be made ({})", server,
                          std::generic_category().message(static_cast<int>(system_error)))};
  }
}

/// What is wrong with octets that should be HTTP. libcurl has words for nearly everything; to a
/// header line that goes on one which is not there it only says that an argument was bad.
std::string_view not_http(const FailedTransfer& transfer) {
  if (transfer.code == CURLE_BAD_FUNCTION_ARGUMENT) {
    return "its first header line begins with a blank, as if it went on with one before it";
  }
  if (transfer.code == CURLE_BAD_CONTENT_ENCODING) {
    return "its body comes in a transfer coding that was not asked for";
  }
  return transfer.detail.empty() ? curl_easy_strerror(transfer.code) : transfer.detail;
}

HttpError lost_connection(const FailedTransfer& transfer, const std::string& server,
                          long system_error) {
  // So libcurl says that a trailer's line is longer than it takes.
  if (transfer.code == CURLE_RECV_ERROR && transfer.detail.starts_with("Out of memory in chunk")) {
    return too_many_headers();
  }
  // libcurl reports malformed chunks with the code of a failed read, but then no read has failed.
  if (transfer.code == CURLE_RECV_ERROR && system_error == 0 && !transfer.detail.empty()) {
    return {HttpFailure::protocol,
            fmt::format("the answer of {} is not valid HTTP ({})", server, transfer.detail)};
  }
  return {HttpFailure::reset,
          fmt::format("connection to {} was reset after {} octets of the answer's body", server,
                      transfer.body_received)};
}

std::string clock_phrase(const FailedTransfer& transfer) {
  if (!transfer.verified_at) return {};
  return fmt::format(" at {} by the device's clock", provlab::to_string(*transfer.verified_at));
}

HttpError tls_error(const FailedTransfer& transfer) {
  long verdict = X509_V_OK;
  curl_easy_getinfo(transfer.handle, CURLINFO_SSL_VERIFYRESULT, &verdict);
  const std::string_view host = transfer.host;
  switch (verdict) {
    case X509_V_OK:
    case X509_V_ERR_UNSPECIFIED:  // what libcurl sets before a chain has been looked at
      break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return {HttpFailure::tls,
              fmt::format("the certificate of {} has expired{}", host, clock_phrase(transfer))};
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return {HttpFailure::tls, fmt::format("the certificate of {} is not yet valid{}", host,
                                            clock_phrase(transfer))};
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return {HttpFailure::tls,
              fmt::format("the certificate of {} is self-signed and not trusted", host)};
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return {HttpFailure::tls,
              fmt::format("the certificate of {} comes from an issuer that is not trusted", host)};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return {HttpFailure::tls, fmt::format("the certificate presented is not one for {}", host)};
    case kNamesMissing:
      return {HttpFailure::tls,
              fmt::format("the certificate of {} has no subject alternative name, and a common "
                          "name does not count",
                          host)};
    default:
      return {HttpFailure::tls, fmt::format("the certificate of {} was not accepted ({})", host,
                                            X509_verify_cert_error_string(verdict))};
  }
  if (transfer.code == CURLE_PEER_FAILED_VERIFICATION) {
    return {HttpFailure::tls, fmt::format("the certificate presented is not one for {}", host)};
  }
  return {HttpFailure::tls, fmt::format("the TLS handshake with {} failed ({})", host,
                                        transfer.detail.empty() ? curl_easy_strerror(transfer.code)
                                                                : transfer.detail)};
}

}  // namespace

HttpError explain(const FailedTransfer& transfer) {
  const std::string server = transfer.server.to_string();
  long system_error = 0;
  curl_easy_getinfo(transfer.handle, CURLINFO_OS_ERRNO, &system_error);
  switch (transfer.code) {
    case CURLE_COULDNT_CONNECT:
      return connect_error(server, system_error);
    case CURLE_OPERATION_TIMEDOUT:
      return connect_error(server, ETIMEDOUT);
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return lost_connection(transfer, server, system_error);
    case CURLE_GOT_NOTHING:
      return {HttpFailure::truncated,
              fmt::format("{} closed the connection without an answer", server)};
    case CURLE_PARTIAL_FILE:
      return {HttpFailure::truncated,
              fmt::format("{} closed the connection before the answer was whole ({} octets of its "
                          "body had come)",
                          server, transfer.body_received)};
    case CURLE_FILESIZE_EXCEEDED:
      return {HttpFailure::too_large,
              fmt::format("the answer's body is larger than {} octets", transfer.body_limit)};
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
      return tls_error(transfer);
    case CURLE_SSL_CACERT_BADFILE:
      return {HttpFailure::trust, fmt::format("the phone has no certificates of authorities to "
                                              "trust, so it cannot judge that of {}",
                                              transfer.host)};
    case CURLE_OUT_OF_MEMORY:  // what libcurl says of a line longer than it takes
      return too_many_headers();
    default:
      return not_understandable(transfer.server, not_http(transfer));
  }
}

bool HttpError::unasked() const {
  if (redirected) return false;
  switch (failure) {
    case HttpFailure::no_route:
    case HttpFailure::connect:
    case HttpFailure::connect_timeout:
    case HttpFailure::tls:
    case HttpFailure::trust:
      return true;
    case HttpFailure::name:
    case HttpFailure::timeout:
    case HttpFailure::reset:
    case HttpFailure::truncated:
    case HttpFailure::too_large:
    case HttpFailure::headers:
    case HttpFailure::too_many_redirects:
    case HttpFailure::downgrade:
    case HttpFailure::bad_redirect:
    case HttpFailure::protocol:
      return false;
  }
  return false;
}

HttpError too_many_headers() {
  return {
      HttpFailure::headers,
      fmt::format("the answer's header lines are longer than the {} octets that the phone takes",
                  kMostHeaderOctets)};
}

HttpError not_understandable(const Endpoint& server, std::string_view why) {
  return {HttpFailure::protocol,
          fmt::format("the answer of {} is not understandable HTTP ({})", server.to_string(), why)};
}

std::string_view to_string(HttpFailure failure) {
  switch (failure) {
    case HttpFailure::name:
      return "name";
    case HttpFailure::no_route:
      return "no_route";
    case HttpFailure::connect:
      return "connect";
    case HttpFailure::connect_timeout:
      return "connect_timeout";
    case HttpFailure::tls:
      return "tls";
    case HttpFailure::trust:
      return "trust";
    case HttpFailure::timeout:
      return "timeout";
    case HttpFailure::reset:
      return "reset";
    case HttpFailure::truncated:
      return "truncated";
    case HttpFailure::too_large:
      return "too_large";
    case HttpFailure::headers:
      return "headers";
    case HttpFailure::too_many_redirects:
      return "too_many_redirects";
    case HttpFailure::downgrade:
      return "downgrade";
    case HttpFailure::bad_redirect:
      return "bad_redirect";
    case HttpFailure::protocol:
      return "protocol";
  }
  return "unknown";
}

}  // namespace provlab::net
