#pragma once
#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

#include "core/platform/host.hpp"

/// Certificates made on the fly (SPEC 9, TLS), with Ed25519 keys: quick, and of constant size.
namespace provlab::netfakes {

enum class CertificateKind {
  valid,
  expired,
  not_yet_valid,
  self_signed,
  wrong_host,
  common_name  ///< the host's name stands in the subject only, as it did before RFC 2818
};

struct TlsOptions {
  CertificateKind certificate = CertificateKind::valid;
  bool stall = false;              ///< takes the connection and never answers in it
  std::vector<std::string> names;  ///< of the host, the first one in the subject; may be addresses
  WallTime now{};                  ///< the scenario's time, around which the certificate is valid
};

/// The same for a server program: what it presents, and the key to it.
struct TlsPem {
  std::string certificate;
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

/// The authority that signs all but self-signed certificates, as PEM: what a phone has to trust.
/// One for the whole process.
const std::string& tls_authority();

}  // namespace provlab::netfakes
