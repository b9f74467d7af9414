#include "sim/lab/language/dns_reader.hpp"

#include <map>

#include "core/platform/text.hpp"
#include "sim/lab/language/answer_rule_reader.hpp"

namespace provlab::lab {

namespace {

/// The names of the world's hosts, and over them those that the element lists.
void read_names(const Element& element, const ResponderSite& site, netfakes::DnsConfig& config) {
  auto& names = config.names;
  for (std::size_t host = 0; host < site.plan.hosts.size(); ++host) {
    const auto address = site.names.address_of(host);
    if (!address) continue;
    for (const std::string& name : site.plan.hosts[host].dns_names) {
      names.emplace(lower(name), *address);
    }
  }
  for (const Element& entry : element.children("name")) {
    const auto given = site.names.addresses(entry, "address");
    const UseMark use = site.names.watch(entry, "nobody asked for it");
    for (const std::string& name : entry.words("is")) {
      config.name_uses[lower(name)] = use;
      names.erase(lower(name));
      if (!given) continue;
      for (const Ipv4Address& address : *given) names.emplace(lower(name), address);
    }
  }
}

}  // namespace

void read_responder(const Element& element, const ResponderSite& site,
                    netfakes::DnsConfig& config) {
  using netfakes::DnsResult;
  static const std::map<std::string_view, DnsResult> kResults{
      {"no-such-name", DnsResult::no_such_name},
      {"no-address", DnsResult::no_error},
      {"server-failure", DnsResult::server_failure},
      {"refused", DnsResult::refused},
      {"format-error", DnsResult::format_error},
      {"not-implemented", DnsResult::not_implemented}};
  if (const auto ttl = element.duration("ttl")) config.ttl = *ttl;
  config.stream = element.text("tcp") != "refuse";
  config.silent = element.text("tcp") == "never";
  read_names(element, site, config);
  const auto read_answer = [&](const Element& answer, netfakes::DnsRule& rule) {
    site.names.add_answer(answer, "dns");
    if (const auto result = answer.get("result")) {
      rule.referral = *result == "referral";
      rule.truncated = *result == "truncated";
      if (!rule.referral && !rule.truncated) rule.result = kResults.at(*result);
    }
    if (auto given = site.names.addresses(answer, "address")) rule.addresses = std::move(*given);
  };
  read_answer_rules(element, site.names, config, read_answer);
}

}  // namespace provlab::lab
