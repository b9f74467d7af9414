#pragma once
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <string>

#include "core/platform/time.hpp"

namespace provlab::net {

/// The verdict on a certificate that has no subject alternative names at all.
inline constexpr long kNamesMissing = X509_V_ERR_APPLICATION_VERIFICATION;

/// Lets the handshakes of `context` judge certificates for `host`, a name or a dotted quad, at that
/// time of the device's clock, and by their subject alternative names only (SPEC 5.8, RFC 9525 2).
void judge_certificates(SSL_CTX& context, std::string host, WallTime at);

}  // namespace provlab::net
