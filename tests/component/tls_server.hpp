#pragma once
#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "tests/component/net_fixture.hpp"

/// Certificates made on the fly and a server that presents them, for tests of certificate
/// verification. Keys are Ed25519, so that nothing takes long.
namespace provlab::test {

template <auto Free>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, OpensslFree<X509_free>>;

struct Identity {
  Key key;
  Certificate certificate;
};

struct CertificateOptions {
  std::string host = "prov.example";
  std::string not_before = "20260101000000Z";  ///< ASN.1 GeneralizedTime
  std::string not_after = "20270101000000Z";
};

/// A certificate authority of its own; trust_file() is a client's CA file for it, which lives as
/// long as the authority and is no other process's.
class Authority {
 public:
  Authority();
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;
  Identity issue(const CertificateOptions& options) const;
  static Identity self_signed(const CertificateOptions& options);
  const std::string& trust_file() const { return trust_file_; }  ///< the path

 private:
  Identity identity_;
  std::string trust_file_;
};

/// Answers every request on port 443 with the same octets.
class TlsServer {
 public:
  TlsServer(Host& host, const Identity& identity, std::string answer);

  unsigned requests = 0;

 private:
  static Task<> accept(TlsServer* self);
  static Task<> serve(TlsServer* self, std::unique_ptr<StreamSocket> socket);

  Host& host_;
  std::string answer_;
  std::unique_ptr<SSL_CTX, OpensslFree<SSL_CTX_free>> context_;
  std::unique_ptr<StreamAcceptor> acceptor_;
  TaskGroup tasks_;
};

}  // namespace provlab::test
