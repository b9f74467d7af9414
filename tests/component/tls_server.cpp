#include "tests/component/tls_server.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <cstdio>
#include <cstdlib>

namespace provlab::test {

namespace {

void require(bool fulfilled) {
  if (!fulfilled) throw std::runtime_error("OpenSSL cannot make what a test asks for");
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

/// Signed by `issuer`, or by itself where there is none.
Identity make_identity(const CertificateOptions& options, const Identity* issuer, bool authority) {
  static long serial = 1;
  Identity made{Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")), Certificate(X509_new())};
  X509* certificate = made.certificate.get();
  require(made.key && certificate != nullptr);
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  ASN1_TIME_set_string(X509_getm_notBefore(certificate), options.not_before.c_str());
  ASN1_TIME_set_string(X509_getm_notAfter(certificate), options.not_after.c_str());
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(options.host.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate,
                       issuer ? X509_get_subject_name(issuer->certificate.get()) : name);
  if (authority) {
    add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  } else {
    add_extension(certificate, NID_subject_alt_name, "DNS:" + options.host);
  }
  require(X509_sign(certificate, issuer ? issuer->key.get() : made.key.get(), nullptr) != 0);
  return made;
}

}  // namespace

Authority::Authority()
    : identity_(make_identity({.host = "Test Authority",
                               .not_before = "20000101000000Z",
                               .not_after = "20990101000000Z"},
                              nullptr, true)),
      trust_file_(::testing::TempDir() + "provlab-trust-XXXXXX") {
  const int descriptor = mkstemp(trust_file_.data());
  require(descriptor >= 0);
  std::FILE* file = fdopen(descriptor, "w");
  require(file != nullptr && PEM_write_X509(file, identity_.certificate.get()) == 1);
  require(std::fclose(file) == 0);
}

Authority::~Authority() {
  unlink(trust_file_.c_str());
}

Identity Authority::issue(const CertificateOptions& options) const {
  return make_identity(options, &identity_, false);
}

Identity Authority::self_signed(const CertificateOptions& options) {
  return make_identity(options, nullptr, false);
}

TlsServer::TlsServer(Host& host, const Identity& identity, std::string answer)
    : host_(host),
      answer_(std::move(answer)),
      context_(SSL_CTX_new(TLS_server_method())),
      acceptor_(host.listen({.port = 443}).value()),
      tasks_(host) {
  require(SSL_CTX_use_certificate(context_.get(), identity.certificate.get()) == 1);
  require(SSL_CTX_use_PrivateKey(context_.get(), identity.key.get()) == 1);
  tasks_.spawn(accept(this));
}

Task<> TlsServer::accept(TlsServer* self) {
  for (;;) {
    auto socket = co_await async_accept(self->host_, *self->acceptor_, use_task);
    self->tasks_.spawn(serve(self, std::move(socket)));
  }
}

/// OpenSSL works on two memory buffers; what it writes is sent, what arrives is given to it.
Task<> TlsServer::serve(TlsServer* self, std::unique_ptr<StreamSocket> socket) {
  Stream stream(self->host_, std::move(socket));
  const std::unique_ptr<SSL, OpensslFree<SSL_free>> tls(SSL_new(self->context_.get()));
  BIO* input = BIO_new(BIO_s_mem());
  BIO* output = BIO_new(BIO_s_mem());
  SSL_set_bio(tls.get(), input, output);
  SSL_set_accept_state(tls.get());
  std::array<char, 16384> buffer;
  for (;;) {
    const int read = SSL_read(tls.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (read > 0) {  // test requests are one record each
      ++self->requests;
      SSL_write(tls.get(), self->answer_.data(), static_cast<int>(self->answer_.size()));
    }
    while (BIO_pending(output) > 0) {
      const int size = BIO_read(output, buffer.data(), static_cast<int>(buffer.size()));
      for (int sent = 0; sent < size;) {
        const asio::const_buffer rest(buffer.data() + sent, static_cast<std::size_t>(size - sent));
        auto [error, count] = co_await stream.async_write_some(rest, asio::as_tuple(use_task));
        if (error) co_return;
        sent += static_cast<int>(count);
      }
    }
    if (read > 0) continue;
    if (SSL_get_error(tls.get(), read) != SSL_ERROR_WANT_READ) co_return;
    auto [error, size] =
        co_await stream.async_read_some(asio::buffer(buffer), asio::as_tuple(use_task));
    if (error) co_return;
    BIO_write(input, buffer.data(), static_cast<int>(size));
  }
}

}  // namespace provlab::test
