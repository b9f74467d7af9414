#include <fmt/format.h>

#include <algorithm>

#include "core/net/dhcp_url.hpp"
#include "core/platform/text.hpp"
#include "sim/lab/language/scenario_reader.hpp"

namespace provlab::lab {

namespace {

using netfakes::DhcpSettings;

template <class T>
std::shared_ptr<const T> share(T value) {
  return std::make_shared<const T>(std::move(value));
}

}  // namespace

void ScenarioReader::read_responders(const Element& responders) {
  // First who is where, because DHCP announces the others.
  std::vector<std::pair<Element, std::size_t>> placed;
  for (const Element& element : responders.children()) {
    auto host = host_named(element, "host");
    if (!element.has("host")) {
      if (plan_.hosts.size() == 1) {
        host = 0;
      } else {
        element.complain(fmt::format("<{}> needs host=\"...\": the world has {}", element.name(),
                                     any_of(host_ids())));
      }
    }
    if (!host) continue;
    kinds_[std::string(element.name())].push_back(*host);
    placed.emplace_back(element, *host);
  }
  // Then what time it is, because certificates are made for it.
  std::ranges::stable_partition(placed,
                                [](const auto& each) { return each.first.name() == "ntp"; });
  std::set<std::string> names;
  std::map<std::pair<std::size_t, std::string>, Element> listeners;
  for (const auto& [element, host] : placed) {
    if (element.name() == "http" || element.name() == "redirect") {
      const std::string port = std::to_string(port_of(element));
      const auto [other, fresh] = listeners.emplace(std::pair{host, port}, element);
      if (!fresh) {
        element.complain(fmt::format(
            "port {} of host '{}' is taken by the <{}> in line {}; give "
            "one of them another port or host",
            port, plan_.hosts[host].options.name, other->second.name(), other->second.line()));
        continue;
      }
    }
    std::string name(element.name());
    if (kinds_[name].size() > 1) name += "@" + plan_.hosts[host].options.name;
    if (!names.insert(name).second) {
      name += fmt::format(":{}", port_of(element));
      if ((element.name() != "http" && element.name() != "redirect") ||
          !names.insert(name).second) {
        element.complain(fmt::format("host '{}' has a <{}> already; give this one another host{}",
                                     plan_.hosts[host].options.name, element.name(),
                                     element.name() == "http" ? " or port" : ""));
      }
    }
    auto config = netfakes::configured(element.name(), [&](auto& empty) {
      empty.name = std::move(name);
      read(element, host, empty);
      check_rules(element, empty.rules);
    });
    plan_.responders.push_back({host, std::move(config), element.line()});
  }
}

void ScenarioReader::name_answer(const Element& element, std::string_view kind, std::string url) {
  const std::string id = element.text("id");
  if (id.empty()) return;
  if (const NamedAnswer* other = plan_.answer(id)) {
    element.complain("id", fmt::format("there is already an answer '{}' in line {}; choose another "
                                       "id",
                                       id, other->line));
    return;
  }
  plan_.answers.push_back({id, std::string(kind), std::move(url), element.line("id")});
}

// DHCP

void ScenarioReader::dhcp_option(const Element& element, DhcpSettings& settings) {
  const auto code = element.number("code");
  const auto text = element.get("text");
  const auto hex = element.octets("hex");
  if (text.has_value() == hex.has_value()) {
    element.complain("an option has either text=\"...\" or hex=\"...\"; give one of them");
    return;
  }
  if (!code) return;
  if (*code > 254) {
    element.complain("code", fmt::format("code=\"{}\": options go from 1 to 254", *code));
    return;
  }
  if (text && *code == 66) {
    settings.option_66 = *text;
  } else if (text && *code == 67) {
    settings.option_67 = *text;
  } else {
    Bytes value = text ? Bytes(text->begin(), text->end()) : *hex;
    if (*code == 43) {
      settings.option_43 = std::move(value);
      return;
    }
    std::erase_if(settings.further, [&](const auto& other) { return other.code == *code; });
    settings.further.push_back({static_cast<std::uint8_t>(*code), std::move(value)});
  }
}

DhcpSettings ScenarioReader::dhcp_settings(const Element& element, DhcpSettings settings) {
  if (auto routers = addresses(element, "router")) settings.routers = std::move(*routers);
  if (auto dns = addresses(element, "dns")) settings.dns_servers = std::move(*dns);
  if (auto ntp = addresses(element, "ntp")) settings.ntp_servers = std::move(*ntp);
  if (const auto lease = element.duration("lease")) settings.lease = *lease;
  if (const auto renew = element.duration("renew")) settings.t1 = *renew;
  if (const auto rebind = element.duration("rebind")) settings.t2 = *rebind;
  const auto header_field = [&](const char* name, std::size_t size, unsigned option) {
    auto text = element.get(name);
    if (text && text->size() > size) {
      element.complain(name, fmt::format("the header field has {} octets, this text {}; shorten "
                                         "it, or send it as option {}",
                                         size, text->size(), option));
    }
    return text;
  };
  if (auto file = header_field("file", netfakes::kFileSize, 67)) settings.file = std::move(*file);
  if (auto sname = header_field("sname", netfakes::kSnameSize, 66)) {
    settings.sname = std::move(*sname);
  }
  if (element.text("options") == "none") settings.bare = true;
  if (const auto nul = element.flag("nul-terminated")) settings.nul_terminated = *nul;
  if (const auto only = element.flag("only-requested")) settings.only_requested = *only;
  const auto codes = [&](const char* attribute, std::vector<std::uint8_t>& target) {
    for (const std::string& word : element.words(attribute)) {
      target.push_back(static_cast<std::uint8_t>(std::stoi(word)));
    }
  };
  codes("in-file", settings.in_file);
  codes("in-sname", settings.in_sname);
  for (const Element& option : element.children("option")) dhcp_option(option, settings);
  if (settings.t1 && settings.t2 && *settings.t2 < *settings.t1) {
    element.complain("rebind", "rebind comes before renew; give it a longer time");
  }
  return settings;
}

/// The URL that the phone takes from such an answer; empty where there is none.
std::string ScenarioReader::assigned_url(const DhcpSettings& settings) const {
  using namespace net::dhcp_option;
  net::DhcpMessage answer;
  answer.file = settings.file.value_or("");
  answer.sname = settings.sname.value_or("");
  if (settings.option_66) answer.set_text(kTftpServerName, *settings.option_66);
  if (settings.option_67) answer.set_text(kBootFileName, *settings.option_67);
  if (settings.option_43) answer.set(kVendorSpecific, *settings.option_43);
  const phone::PhoneOptions& phone = plan_.phone;
  return net::derive_url(answer, phone.identity, phone.service.discovery.option_43_text)
      .url.value_or("");
}

void ScenarioReader::read(const Element& element, std::size_t host, netfakes::DhcpConfig& config) {
  config.first_offer = element.address("offer");
  config.authoritative = element.flag("authoritative").value_or(true);
  config.link_unicast = element.flag("link-unicast").value_or(false);
  if (const auto prefix = element.number("prefix")) {
    config.prefix = *prefix;
    if (*prefix > 32) element.complain("prefix", "a prefix length goes from 1 to 32");
  }
  DhcpSettings settings;
  const auto address_of = [&](std::size_t index) {
    const auto& configuration = plan_.hosts[index].options.configuration;
    return configuration ? configuration->address.address : Ipv4Address{};
  };
  settings.routers = {address_of(host)};
  for (const std::size_t index : kinds_["dns"]) settings.dns_servers.push_back(address_of(index));
  for (const std::size_t index : kinds_["ntp"]) settings.ntp_servers.push_back(address_of(index));
  config.settings = dhcp_settings(element, std::move(settings));
  for (const Element& on : element.children("on")) {
    netfakes::DhcpRule rule;
    const auto answer = read_rule(on, rule, config.kind);
    if (!answer) continue;
    rule.nak = answer->name() == "nak";
    if (rule.nak && !rule.request.empty() && !rule.request.starts_with("request")) {
      answer->complain(
          fmt::format("only a 'request' can be refused by <nak>, not '{}'", rule.request));
    }
    std::string url;
    if (answer->name() == "answer") {
      DhcpSettings given = dhcp_settings(*answer, config.settings);
      url = assigned_url(given);
      rule.settings = share(std::move(given));
      rule.address = answer->address("offer");
    }
    name_answer(*answer, "dhcp", std::move(url));
    config.rules.push_back(std::move(rule));
  }
}

// DNS

void ScenarioReader::read(const Element& element, std::size_t, netfakes::DnsConfig& config) {
  if (const auto ttl = element.duration("ttl")) config.ttl = *ttl;
  for (const HostPlan& each : plan_.hosts) {
    for (const std::string& dns_name : each.dns_names) {
      if (!each.options.configuration) continue;
      config.names.emplace(lower(dns_name), each.options.configuration->address.address);
    }
  }
  for (const Element& entry : element.children("name")) {
    const auto given = addresses(entry, "address");
    for (const std::string& dns_name : entry.words("is")) {
      config.names.erase(lower(dns_name));
      if (!given) continue;
      for (const Ipv4Address& address : *given) config.names.emplace(lower(dns_name), address);
    }
  }
  for (const Element& on : element.children("on")) {
    netfakes::DnsRule rule;
    const auto answer = read_rule(on, rule, config.kind);
    if (!answer) continue;
    name_answer(*answer, "dns", {});
    const std::string result = answer->text("result");
    if (result == "no-such-name") rule.result = netfakes::DnsResult::no_such_name;
    if (result == "server-failure") rule.result = netfakes::DnsResult::server_failure;
    if (result == "refused") rule.result = netfakes::DnsResult::refused;
    if (auto given = addresses(*answer, "address")) rule.addresses = std::move(*given);
    config.rules.push_back(std::move(rule));
  }
}

// NTP

void ScenarioReader::read(const Element& element, std::size_t host, netfakes::NtpConfig& config) {
  const auto settings = [](const Element& from, netfakes::NtpSettings base) {
    if (const auto clock = from.wall_time("clock")) base.clock = *clock;
    if (const auto kiss = from.get("kiss")) {
      base.stratum = 0;
      base.reference_id = *kiss;
      for (const char* other : {"stratum", "reference"}) {
        if (from.has(other)) {
          from.complain(other, fmt::format("kiss says {} as well; remove one of them", other));
        }
      }
    }
    if (const auto stratum = from.number("stratum")) base.stratum = *stratum;
    if (const auto leap = from.number("leap")) base.leap = *leap;
    if (const auto reference = from.get("reference")) base.reference_id = *reference;
    return base;
  };
  config.settings.clock = plan_.epoch;
  config.settings = settings(element, config.settings);
  if (kinds_["ntp"].front() == host) plan_.epoch = config.settings.clock;
  for (const Element& on : element.children("on")) {
    netfakes::NtpRule rule;
    const auto answer = read_rule(on, rule, config.kind);
    if (!answer) continue;
    name_answer(*answer, "ntp", {});
    if (answer->name() == "answer") rule.settings = share(settings(*answer, config.settings));
    config.rules.push_back(std::move(rule));
  }
}

}  // namespace provlab::lab
