#include "sim/lab/language/dhcp_reader.hpp"

#include <fmt/format.h>

#include "core/net/dhcp_url.hpp"
#include "sim/lab/language/answer_rule_reader.hpp"

namespace provlab::lab {

namespace {

using netfakes::DhcpSettings;

void read_option(const Element& element, DhcpSettings& settings) {
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

/// The settings with what the element says differently.
DhcpSettings read_settings(const Element& element, const Names& names, DhcpSettings settings) {
  if (auto routers = names.addresses(element, "router")) settings.routers = std::move(*routers);
  if (auto dns = names.addresses(element, "dns")) settings.dns_servers = std::move(*dns);
  if (auto ntp = names.addresses(element, "ntp")) settings.ntp_servers = std::move(*ntp);
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
  for (const Element& option : element.children("option")) read_option(option, settings);
  if (settings.t1 && settings.t2 && *settings.t2 < *settings.t1) {
    element.complain("rebind", "rebind comes before renew; give it a longer time");
  }
  return settings;
}

/// The URL that the phone takes from such an answer; empty where there is none.
std::string assigned_url(const DhcpSettings& settings, const phone::PhoneOptions& phone) {
  using namespace net::dhcp_option;
  net::DhcpMessage answer;
  answer.file = settings.file.value_or("");
  answer.sname = settings.sname.value_or("");
  if (settings.option_66) answer.set_text(kTftpServerName, *settings.option_66);
  if (settings.option_67) answer.set_text(kBootFileName, *settings.option_67);
  if (settings.option_43) answer.set(kVendorSpecific, *settings.option_43);
  return net::derive_url(answer, phone.identity, phone.service.discovery.option_43_text)
      .url.value_or("");
}

/// What a server announces without being told to.
DhcpSettings usual_settings(const ResponderSite& site) {
  const auto address_of = [&](std::size_t host) {
    return site.names.address_of(host).value_or(Ipv4Address{});
  };
  DhcpSettings settings;
  settings.routers = {address_of(site.host)};
  for (const std::size_t host : site.names.hosts_with("dns")) {
    settings.dns_servers.push_back(address_of(host));
  }
  for (const std::size_t host : site.names.hosts_with("ntp")) {
    settings.ntp_servers.push_back(address_of(host));
  }
  return settings;
}

}  // namespace

void read_responder(const Element& element, const ResponderSite& site,
                    netfakes::DhcpConfig& config) {
  config.first_offer = element.address("offer");
  config.authoritative = element.flag("authoritative").value_or(true);
  config.link_unicast = element.flag("link-unicast").value_or(false);
  if (const auto prefix = element.number("prefix")) {
    config.prefix = *prefix;
    if (*prefix > 32) element.complain("prefix", "a prefix length goes from 1 to 32");
  }
  config.settings = read_settings(element, site.names, usual_settings(site));
  const auto read_answer = [&](const Element& answer, netfakes::DhcpRule& rule) {
    rule.nak = answer.name() == "nak";
    if (rule.nak && !rule.request.empty() && !rule.request.starts_with("request")) {
      answer.complain(
          fmt::format("only a 'request' can be refused by <nak>, not '{}'", rule.request));
    }
    std::string url;
    if (answer.name() == "answer") {
      DhcpSettings given = read_settings(answer, site.names, config.settings);
      url = assigned_url(given, site.plan.phone);
      rule.settings = std::make_shared<const DhcpSettings>(std::move(given));
      rule.address = answer.address("offer");
    }
    site.names.add_answer(answer, "dhcp", std::move(url));
  };
  read_answer_rules(element, site.names, config, read_answer);
}

}  // namespace provlab::lab
