#include "sim/lab/language/dhcp_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/net/dhcp_url.hpp"
#include "sim/lab/language/answer_rule_reader.hpp"

namespace provlab::lab {

namespace {

/// Where options have no such code it is complained about.
bool is_code(const Element& element, unsigned code) {
  if (code <= 254) return true;
  element.complain("code", fmt::format("code=\"{}\": options go from 1 to 254", code));
  return false;
}

/// `code`, and `text` or `hex`, of what is called `what`: an option or a sub-option.
std::optional<netfakes::DhcpOption> read_coded(const Element& element, std::string_view what) {
  const auto code = element.number("code");
  const auto text = element.get("text");
  const auto hex = element.octets("hex");
  if (text.has_value() == hex.has_value()) {
    element.complain(
        fmt::format("{} has either text=\"...\" or hex=\"...\"; give one of them", what));
    return std::nullopt;
  }
  if (!code || !is_code(element, *code)) return std::nullopt;
  return netfakes::DhcpOption{static_cast<std::uint8_t>(*code),
                              text ? Bytes(text->begin(), text->end()) : *hex};
}

/// Sub-options as the value of their option: code, length and octets of each (RFC 2132 8.4).
std::optional<Bytes> read_sub_options(const std::vector<Element>& subs) {
  constexpr std::size_t kLongest = 255;
  Bytes value;
  bool good = true;
  for (const Element& sub : subs) {
    auto read = read_coded(sub, "a sub-option");
    if (!read) {
      good = false;
      continue;
    }
    if (sub.flag("nul").value_or(false)) read->value.push_back(0);
    if (read->value.size() > kLongest) {
      sub.complain(fmt::format("a sub-option has at most {} octets, this one {}; shorten it",
                               kLongest, read->value.size()));
      good = false;
      continue;
    }
    value.push_back(read->code);
    value.push_back(static_cast<std::uint8_t>(read->value.size()));
    value.insert(value.end(), read->value.begin(), read->value.end());
  }
  if (!good) return std::nullopt;
  return value;
}

}  // namespace

std::optional<netfakes::DhcpOption> read_plain_option(const Element& element) {
  const std::vector<Element> subs = element.children("sub");
  if (subs.empty()) return read_coded(element, "an option");
  for (const char* beside : {"text", "hex"}) {
    if (!element.has(beside)) continue;
    element.complain(beside, fmt::format("an option is what its <sub> are, or has {0}=\"...\"; "
                                         "remove {0} or the <sub>",
                                         beside));
    return std::nullopt;
  }
  auto value = read_sub_options(subs);
  const auto code = element.number("code");
  if (!value || !code || !is_code(element, *code)) return std::nullopt;
  return netfakes::DhcpOption{static_cast<std::uint8_t>(*code), std::move(*value)};
}

namespace {

using netfakes::DhcpOptionUse;
using netfakes::DhcpSettings;

constexpr std::string_view kNeverSent =
    "this option was never sent; a server sends what the phone asks for in option 55, and all it "
    "has "
    "by only-requested=\"false\"";

/// A code that was given before goes on with another piece.
void read_option(const Element& element, const Names& names, std::set<unsigned>& given,
                 DhcpSettings& settings) {
  auto option = read_plain_option(element);
  if (!option) return;
  const auto text = element.get("text");
  const std::uint8_t number = option->code;
  Bytes value = std::move(option->value);
  const bool first = given.insert(number).second;
  const bool goes_on = element.flag("continues").value_or(false);
  if (first && goes_on) {
    element.complain("continues", fmt::format("there is no option {} before it that it could go on "
                                              "with; remove continues",
                                              number));
  }
  const DhcpOptionUse use{number, names.watch(element, kNeverSent)};
  if (!first) {
    if (!goes_on) {
      names.watch(element, fmt::format("there is an option {} already, and the phone joins both to "
                                       "one text (RFC 3396); continues=\"true\" says that it is to",
                                       number));
    }
    settings.option_uses.push_back(use);
    return settings.pieces.push_back({number, std::move(value)});
  }
  // In place of what a rule's answer has from its server.
  std::erase_if(settings.pieces, [&](const auto& piece) { return piece.code == number; });
  std::erase_if(settings.option_uses, [&](const auto& other) { return other.code == number; });
  settings.option_uses.push_back(use);
  if (text && number == 66) {
    settings.option_66 = *text;
  } else if (text && number == 67) {
    settings.option_67 = *text;
  } else if (number == 43) {
    settings.option_43 = std::move(value);
  } else {
    std::erase_if(settings.further, [&](const auto& other) { return other.code == number; });
    settings.further.push_back({number, std::move(value)});
  }
}

void read_codes(const Element& element, const char* attribute, std::vector<std::uint8_t>& target) {
  for (const std::string& word : element.words(attribute)) {
    const int code = std::stoi(word);
    if (code > 254) {
      element.complain(attribute,
                       fmt::format("{}: {} is no code; options go from 1 to 254", attribute, code));
      continue;
    }
    target.push_back(static_cast<std::uint8_t>(code));
  }
}

/// What stands nowhere in the answer has no place in it.
void check_sequence(const Element& element, const DhcpSettings& settings) {
  static constexpr std::array<std::uint8_t, 10> kAnyway{1, 3, 6, 42, 51, 52, 53, 54, 58, 59};
  for (const std::uint8_t code : settings.sequence) {
    const bool there = (code == 66 && settings.option_66) || (code == 67 && settings.option_67) ||
                       (code == 43 && settings.option_43) ||
                       std::ranges::find(kAnyway, code) != kAnyway.end() ||
                       std::ranges::find(settings.further, code, &netfakes::DhcpOption::code) !=
                           settings.further.end();
    if (there) continue;
    element.complain("sequence", fmt::format("sequence: there is no option {0}; add <option "
                                             "code=\"{0}\" text=\"...\"/>, or remove it",
                                             code));
  }
}

/// The settings with what the element says differently.
DhcpSettings read_settings(const Element& element, const Names& names, DhcpSettings settings) {
  if (auto routers = names.addresses(element, "router")) settings.routers = std::move(*routers);
  if (auto dns = names.addresses(element, "dns")) settings.dns_servers = std::move(*dns);
  if (auto ntp = names.addresses(element, "ntp")) settings.ntp_servers = std::move(*ntp);
  if (const auto lease = element.duration("lease", kLongestLease)) settings.lease = *lease;
  if (const auto renew = element.duration("renew", kLongestLease)) settings.t1 = *renew;
  if (const auto rebind = element.duration("rebind", kLongestLease)) settings.t2 = *rebind;
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
  read_codes(element, "in-file", settings.in_file);
  read_codes(element, "in-sname", settings.in_sname);
  std::set<unsigned> given;
  for (const Element& option : element.children("option")) {
    read_option(option, names, given, settings);
  }
  if (element.has("sequence")) {
    settings.sequence.clear();
    read_codes(element, "sequence", settings.sequence);
    check_sequence(element, settings);
  }
  if (const auto end = element.get("end")) {
    settings.end = *end == "padding" ? DhcpSettings::End::padding : DhcpSettings::End::none;
  }
  if (const auto server = names.addresses(element, "server")) {
    if (server->size() == 1) settings.server = server->front();
    if (element.text("server") == "none" || element.words("server").size() > 1) {
      element.complain("server", "server is one address, or one host of this scenario");
    }
  }
  if (const auto to = element.get("reply-to")) {
    settings.reply_to =
        *to == "yiaddr" ? DhcpSettings::ReplyTo::yiaddr : DhcpSettings::ReplyTo::broadcast;
  }
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
  const auto joined = [&settings](std::uint8_t code, std::string text) {
    for (const netfakes::DhcpOption& piece : settings.pieces) {
      if (piece.code == code) text += provlab::text_of(piece.value);
    }
    return text;
  };
  const auto give = [&](std::uint8_t code, std::string_view first) {
    answer.set_text(code, joined(code, std::string(first)));
  };
  if (settings.option_66) give(kTftpServerName, *settings.option_66);
  if (settings.option_67) give(kBootFileName, *settings.option_67);
  if (settings.option_43) give(kVendorSpecific, provlab::text_of(*settings.option_43));
  return net::derive_url(answer, phone.identity, phone.service.discovery.dhcp_url).url.value_or("");
}

/// What a server announces without being told to.
DhcpSettings usual_settings(const ResponderSite& site) {
  const auto address_of = [&](std::size_t host) {
    return site.names.address_of(host).value_or(Ipv4Address{});
  };
  // Of several LANs it knows its own, and what is behind all of them.
  const std::string& own = site.plan.hosts[site.host].lan;
  const auto put = [&](std::string_view kind, std::vector<Ipv4Address>& servers) {
    for (const std::size_t host : site.names.hosts_with(kind)) {
      const std::string& lan = site.plan.hosts[host].lan;
      if (lan.empty() || lan == own) servers.push_back(address_of(host));
    }
  };
  DhcpSettings settings;
  settings.routers = {address_of(site.host)};
  put("dns", settings.dns_servers);
  put("ntp", settings.ntp_servers);
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
