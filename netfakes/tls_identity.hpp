#pragma once
#include <openssl/ssl.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/platform/host.hpp"
#include "netfakes/plaintext_ear.hpp"

/// Certificates made on the fly (SPEC 9, TLS), with Ed25519 keys: quick, and of constant size.
/// Versions before TLS 1.2 cannot use those (RFC 8422 5.10) and get P-256.
namespace provlab::netfakes {

enum class CertificateKind {
  valid,
  expired,
  not_yet_valid,
  self_signed,
  wrong_host,
  chain,                 ///< signed by an intermediate authority, whose certificate comes with it
  missing_intermediate,  ///< the same, and that certificate does not come
  common_name,           ///< the host's name stands in the subject only, as it did before RFC 2818
  self_signed_common_name  ///< both, as devices make them for their own pages
};

enum class TlsVersion { v1_0, v1_1, v1_2, v1_3 };

struct TlsOptions {
  CertificateKind certificate = CertificateKind::valid;
  std::optional<TlsVersion> version{};  ///< the only one that is spoken; else whatever both know
  bool stall = false;                   ///< takes the connection and never answers in it
  std::vector<std::string> names;  ///< of the host, the first one in the subject; may be addresses
  WallTime now{};                  ///< the scenario's time, around which the certificate is valid
};

/// The same for a server program: what it presents, and the key to it.
struct TlsPem {
  std::string certificate;  ///< and those that come with it
  std::string key;
};
TlsPem tls_identity(const TlsOptions& options);

/// What a TLS server presents. Immutable: many worlds in many threads share one.
class TlsServer {
 public:
  explicit TlsServer(const TlsOptions& options);
  SSL_CTX* context() const { return context_.get(); }
  bool stalls() const { return stalls_; }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  std::unique_ptr<SSL_CTX, Free> context_;
  bool stalls_;
};

/// Whom the keys of a connection are told; may be null.
void tell_keys(SSL& connection, PlaintextEar* ear);

/// The authority that signs all but self-signed certificates, as PEM: what a phone has to trust.
/// One for the whole process.
const std::string& tls_authority();

}  // namespace provlab::netfakes
