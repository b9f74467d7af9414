#include "core/net/http_trust.hpp"

#include <openssl/x509v3.h>

#include <chrono>

#include "core/platform/address.hpp"

namespace provlab::net {

namespace {

bool has_alternative_names(const X509& certificate) {
  return X509_get_ext_by_NID(&certificate, NID_subject_alt_name, -1) >= 0;
}

int verify_chain(X509_STORE_CTX* chain, void*) {
  const int verdict = X509_verify_cert(chain);
  const X509* const certificate = X509_STORE_CTX_get0_cert(chain);
  const int error = X509_STORE_CTX_get_error(chain);
  const bool other_host =
      error == X509_V_ERR_HOSTNAME_MISMATCH || error == X509_V_ERR_IP_ADDRESS_MISMATCH;
  if (other_host && certificate != nullptr && !has_alternative_names(*certificate)) {
    X509_STORE_CTX_set_error(chain, static_cast<int>(kNamesMissing));
  }
  return verdict;
}

}  // namespace

void judge_certificates(SSL_CTX& context, std::string host, WallTime at) {
  X509_VERIFY_PARAM* const rules = SSL_CTX_get0_param(&context);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch());
  X509_VERIFY_PARAM_set_time(rules, static_cast<std::time_t>(seconds.count()));
  if (Ipv4Address::read(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_host(rules, host.data(), host.size());
    X509_VERIFY_PARAM_set_hostflags(
        rules, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  }
  SSL_CTX_set_cert_verify_callback(&context, &verify_chain, nullptr);
}

}  // namespace provlab::net
