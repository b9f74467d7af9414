#include "netfakes/tls_identity.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <stdexcept>

namespace provlab::netfakes {

namespace {

using std::chrono::days;

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

struct Subject {
  std::string name;
  std::string alternatives;  ///< as OpenSSL reads them: DNS:a,IP:192.0.2.1
  WallTime not_before;
  WallTime not_after;
  long serial = 1;
  bool authority = false;  ///< may sign others
  bool older_key = false;  ///< one that TLS 1.0 and 1.1 can use
};

void require(bool fulfilled, const char* what) {
  if (!fulfilled) throw std::runtime_error(std::string("OpenSSL cannot ") + what);
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  const bool added = extension != nullptr && X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  require(added, "add an extension to a certificate");
}

void set_time(ASN1_TIME* target, WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
  require(ASN1_TIME_set(target, static_cast<std::time_t>(seconds.count())) != nullptr,
          "set a time in a certificate");
}

/// Signed by `issuer`, or by itself where there is none.
Identity make_identity(const Subject& subject, const Identity* issuer) {
  Identity made{Key(subject.older_key ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                                      : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")),
                Certificate(X509_new())};
  X509* certificate = made.certificate.get();
  require(made.key && certificate != nullptr, "make a key");
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), subject.serial);
  set_time(X509_getm_notBefore(certificate), subject.not_before);
  set_time(X509_getm_notAfter(certificate), subject.not_after);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME* name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(subject.name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate,
                       issuer != nullptr ? X509_get_subject_name(issuer->certificate.get()) : name);
  if (subject.authority) {
    add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  } else if (!subject.alternatives.empty()) {
    add_extension(certificate, NID_subject_alt_name, subject.alternatives);
  }
  EVP_PKEY* signer = issuer != nullptr ? issuer->key.get() : made.key.get();
  const EVP_MD* digest = EVP_PKEY_get_base_id(signer) == EVP_PKEY_EC ? EVP_sha256() : nullptr;
  require(X509_sign(certificate, signer, digest) != 0, "sign a certificate");
  return made;
}

Subject authority_named(std::string name, long serial) {
  return {.name = std::move(name),
          .alternatives = {},
          .not_before = std::chrono::sys_days(std::chrono::year(1980) / 1 / 1),
          .not_after = std::chrono::sys_days(std::chrono::year(2200) / 1 / 1),
          .serial = serial,
          .authority = true};
}

const Identity& authority() {
  static const Identity made = make_identity(authority_named("provlab laboratory", 1), nullptr);
  return made;
}

const Identity& intermediate() {
  static const Identity made =
      make_identity(authority_named("provlab intermediate", 3), &authority());
  return made;
}

bool is_before_1_2(std::optional<TlsVersion> version) {
  return version == TlsVersion::v1_0 || version == TlsVersion::v1_1;
}

std::string alternatives(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    const bool address = Ipv4Address::read(name).has_value();
    text += fmt::format("{}{}:{}", text.empty() ? "" : ",", address ? "IP" : "DNS", name);
  }
  return text;
}

Identity identity_of(const TlsOptions& options) {
  std::vector<std::string> names = options.names;
  if (options.certificate == CertificateKind::wrong_host || names.empty()) {
    names = {"another.example"};
  }
  Subject subject{.name = names.front(),
                  .alternatives = alternatives(names),
                  .not_before = options.now - days(365),
                  .not_after = options.now + days(3650),
                  .serial = 2,
                  .older_key = is_before_1_2(options.version)};
  const bool own_name_only = options.certificate == CertificateKind::common_name ||
                             options.certificate == CertificateKind::self_signed_common_name;
  if (own_name_only) subject.alternatives.clear();
  if (options.certificate == CertificateKind::expired) subject.not_after = options.now - days(1);
  if (options.certificate == CertificateKind::not_yet_valid) {
    subject.not_before = options.now + days(1);
  }
  switch (options.certificate) {
    case CertificateKind::self_signed:
    case CertificateKind::self_signed_common_name:
      return make_identity(subject, nullptr);
    case CertificateKind::chain:
    case CertificateKind::missing_intermediate:
      return make_identity(subject, &intermediate());
    case CertificateKind::valid:
    case CertificateKind::expired:
    case CertificateKind::not_yet_valid:
    case CertificateKind::wrong_host:
    case CertificateKind::common_name:
      break;
  }
  return make_identity(subject, &authority());
}

int number_of(TlsVersion version) {
  switch (version) {
    case TlsVersion::v1_0:
      return TLS1_VERSION;
    case TlsVersion::v1_1:
      return TLS1_1_VERSION;
    case TlsVersion::v1_2:
      return TLS1_2_VERSION;
    case TlsVersion::v1_3:
      break;
  }
  return TLS1_3_VERSION;
}

void speak_only(SSL_CTX& context, TlsVersion version) {
  // OpenSSL 3 leaves the old versions to those who accept their SHA-1.
  if (is_before_1_2(version)) SSL_CTX_set_security_level(&context, 0);
  require(SSL_CTX_set_min_proto_version(&context, number_of(version)) == 1 &&
              SSL_CTX_set_max_proto_version(&context, number_of(version)) == 1,
          "speak this version of TLS");
}

/// What `write` writes into memory.
template <class Write>
std::string pem_written(Write&& write) {
  const std::unique_ptr<BIO, OpensslFree<BIO_free>> memory(BIO_new(BIO_s_mem()));
  require(write(memory.get()) == 1, "write what it made as PEM");
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

std::string pem_of(X509& certificate) {
  return pem_written([&](BIO* memory) { return PEM_write_bio_X509(memory, &certificate); });
}

}  // namespace

TlsServer::TlsServer(const TlsOptions& options)
    : context_(SSL_CTX_new(TLS_server_method())), stalls_(options.stall) {
  const Identity identity = identity_of(options);
  require(context_ != nullptr, "make a TLS context");
  require(SSL_CTX_use_certificate(context_.get(), identity.certificate.get()) == 1 &&
              SSL_CTX_use_PrivateKey(context_.get(), identity.key.get()) == 1,
          "use a certificate");
  if (options.certificate == CertificateKind::chain) {
    require(SSL_CTX_add1_chain_cert(context_.get(), intermediate().certificate.get()) == 1,
            "send an intermediate certificate");
  }
  if (options.version) speak_only(*context_, *options.version);
  // Nothing is remembered from one connection, and so from one world, to the next.
  SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context_.get(), SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context_.get(), 0);
  SSL_CTX_set_keylog_callback(context_.get(), [](const SSL* connection, const char* line) {
    auto* const ear = static_cast<PlaintextEar*>(SSL_get_app_data(connection));
    if (ear != nullptr) ear->keyed(line);
  });
}

void tell_keys(SSL& connection, PlaintextEar* ear) {
  SSL_set_app_data(&connection, ear);
}

TlsPem tls_identity(const TlsOptions& options) {
  const Identity identity = identity_of(options);
  std::string certificates = pem_of(*identity.certificate);
  if (options.certificate == CertificateKind::chain) {
    certificates += pem_of(*intermediate().certificate);
  }
  return {std::move(certificates), pem_written([&](BIO* memory) {
            return PEM_write_bio_PrivateKey(memory, identity.key.get(), nullptr, nullptr, 0,
                                            nullptr, nullptr);
          })};
}

const std::string& tls_authority() {
  static const std::string pem = pem_of(*authority().certificate);
  return pem;
}

}  // namespace provlab::netfakes
