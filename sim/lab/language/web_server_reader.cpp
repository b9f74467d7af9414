#include "sim/lab/language/web_server_reader.hpp"

#include <map>

namespace provlab::lab {

bool is_web_server(const Element& element) {
  return element.name() == "http" || element.name() == "redirect" ||
         (element.name() == "daemon" && element.text("kind") == "nginx");
}

Port port_of(const Element& element) {
  return static_cast<Port>(element.number("port").value_or(element.has("tls") ? 443 : 80));
}

netfakes::TlsOptions read_tls_options(const Element& element, const ResponderSite& site) {
  using netfakes::CertificateKind;
  static const std::map<std::string_view, CertificateKind> kCertificates{
      {"expired", CertificateKind::expired},
      {"not-yet-valid", CertificateKind::not_yet_valid},
      {"self-signed", CertificateKind::self_signed},
      {"wrong-host", CertificateKind::wrong_host},
      {"common-name", CertificateKind::common_name},
      {"self-signed-common-name", CertificateKind::self_signed_common_name},
      {"chain", CertificateKind::chain},
      {"missing-intermediate", CertificateKind::missing_intermediate}};
  using netfakes::TlsVersion;
  static const std::map<std::string_view, TlsVersion> kVersions{{"1.0", TlsVersion::v1_0},
                                                                {"1.1", TlsVersion::v1_1},
                                                                {"1.2", TlsVersion::v1_2},
                                                                {"1.3", TlsVersion::v1_3}};
  const std::string tls = element.text("tls");
  netfakes::TlsOptions presented;
  if (const auto known = kCertificates.find(tls); known != kCertificates.end()) {
    presented.certificate = known->second;
  }
  presented.stall = tls == "stall";
  if (const auto version = element.get("tls-version")) presented.version = kVersions.at(*version);
  presented.names = site.plan.hosts[site.host].dns_names;
  if (const auto own = site.names.address_of(site.host)) {
    presented.names.push_back(own->to_string());
  }
  presented.now = site.plan.epoch;
  return presented;
}

netfakes::HttpServerOptions read_server_options(const Element& element, const ResponderSite& site) {
  netfakes::HttpServerOptions options;
  options.listen.silent = element.text("accept") == "never";
  options.refuse = element.text("accept") == "refuse";
  options.listen.syn_ack_delay = element.duration("accept-after").value_or(Duration::zero());
  options.keep_alive = element.flag("keep-alive").value_or(true);
  if (!element.has("tls")) {
    if (element.has("tls-version")) {
      element.complain("tls-version",
                       "a server without tls speaks no version of it; add tls=\"valid\"");
    }
    return options;
  }
  options.tls = std::make_shared<const netfakes::TlsServer>(read_tls_options(element, site));
  site.plan.phone.ca_file = netfakes::tls_authority();
  return options;
}

}  // namespace provlab::lab
