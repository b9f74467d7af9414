#include <fmt/format.h>

#include <algorithm>

#include "sim/lab/importing/draft_responders.hpp"

namespace provlab::lab {

namespace {

// Alerts (RFC 8446 6.2), as OpenSSL and others choose them.
constexpr std::uint8_t kHandshakeFailure = 40;
constexpr std::uint8_t kBadCertificate = 42;
constexpr std::uint8_t kExpired = 45;

std::string_view kind_of_certificate(const TlsSaid& tls) {
  if (tls.silent) return "stall";
  if (!tls.refused) {
    return tls.certificate && tls.certificate->with_others > 0 ? "chain" : "valid";
  }
  if (tls.complaint == kExpired) return "expired";
  if (!tls.certificate) return tls.complaint == kBadCertificate ? "wrong-host" : "self-signed";
  if (tls.certificate->self_signed) {
    return tls.certificate->has_names ? "self-signed" : "self-signed-common-name";
  }
  if (tls.complaint == kHandshakeFailure && !tls.certificate->has_names) return "common-name";
  if (!tls.certificate->fits) {
    return tls.certificate->has_names ? "wrong-host" : "common-name";
  }
  return tls.complaint == kBadCertificate ? "not-yet-valid" : "missing-intermediate";
}

}  // namespace

void add_tls(MarkupNode& server, const Conversation& heard, Endpoint at) {
  const TlsSaid* tls = nullptr;
  for (const Said& said : heard.said) {
    const auto* each = said.to == at ? said.as<TlsSaid>() : nullptr;
    // What is refused once may be accepted later, when the phone's clock is right.
    if (each != nullptr && (tls == nullptr || (tls->refused && !each->refused))) tls = each;
  }
  if (tls == nullptr || tls->plain) return;
  server.set("tls", std::string(kind_of_certificate(*tls)));
  constexpr std::uint16_t kNewest = 0x0304;
  constexpr std::uint16_t kOldest = 0x0301;
  if (tls->version >= kOldest && tls->version < kNewest) {
    server.set("tls-version", fmt::format("1.{}", tls->version - kOldest));
  } else if (tls->other_version) {
    server.set("tls-version", "1.1");
  }
}

}  // namespace provlab::lab
