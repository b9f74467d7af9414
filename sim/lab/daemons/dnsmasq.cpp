#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "sim/lab/daemons/configuration.hpp"
#include "sim/lab/daemons/dhcp_words.hpp"

namespace provlab::lab {

namespace {

bool is_plain_text(BytesView octets) {
  return !octets.empty() && std::ranges::all_of(octets, [](std::uint8_t octet) {
    return octet >= 0x20 && octet <= 0x7e;
  });
}

/// As dnsmasq's configuration quotes it.
std::string dnsmasq_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

/// What is no text is told in hexadecimal, for which dnsmasq wants colons.
std::string dnsmasq_value(BytesView octets) {
  if (is_plain_text(octets)) return dnsmasq_text(text_of(octets));
  return octets.size() == 1 ? fmt::format("{}", octets[0]) : colon_hex(octets);
}

/// The sub-options that an option 43 holds; nothing where it holds something else.
std::optional<std::vector<netfakes::DhcpOption>> sub_options(BytesView octets) {
  std::vector<netfakes::DhcpOption> found;
  std::size_t at = 0;
  while (at < octets.size() && octets[at] != 0xff) {
    if (at + 2 > octets.size() || at + 2U + octets[at + 1] > octets.size()) return std::nullopt;
    const BytesView value = octets.subspan(at + 2, octets[at + 1]);
    found.push_back({octets[at], Bytes(value.begin(), value.end())});
    at += 2U + octets[at + 1];
  }
  if (found.empty()) return std::nullopt;
  return found;
}

class DnsmasqWriter {
 public:
  std::string write(const DaemonPlan& daemon, const DaemonSite& site) {
    line("interface={}", kDaemonInterface);
    line("bind-interfaces\nno-resolv\nno-hosts\nno-ping\nuser=root\ngroup=");
    line("pid-file={}/pid\nlog-facility=-", site.folder);
    if (const auto* dhcp = daemon.as<netfakes::DhcpConfig>()) write_dhcp(*dhcp, daemon, site);
    if (const auto* dns = daemon.as<netfakes::DnsConfig>()) {
      write_dns(*dns);
    } else {
      line("port=0");
    }
    return std::move(text_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    text_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }

  void write_dhcp(const netfakes::DhcpConfig& config, const DaemonPlan& daemon,
                  const DaemonSite& site) {
    const netfakes::DhcpSettings& settings = config.settings;
    const DhcpPool pool = pool_of(config, site.address);
    line("dhcp-leasefile={}/leases\nlog-dhcp", site.folder);
    line("dhcp-range={},{},{},{}", pool.first.to_string(), pool.last.to_string(),
         Ipv4Address{pool.network.mask()}.to_string(), seconds_of(settings.lease));
    if (config.authoritative) line("dhcp-authoritative");
    if (daemon.answer_after > Duration::zero()) {
      line("dhcp-reply-delay={}", seconds_of(daemon.answer_after));
    }
    // Without a value it sends none, instead of itself.
    const auto servers = [&](unsigned code, const std::vector<Ipv4Address>& addresses) {
      line("dhcp-option={}{}{}", code, addresses.empty() ? "" : ",", address_list(addresses, ","));
    };
    servers(3, settings.routers);
    servers(6, settings.dns_servers);
    if (!settings.ntp_servers.empty()) servers(42, settings.ntp_servers);
    if (settings.file || settings.sname) {
      line("dhcp-boot={}{}{}", dnsmasq_text(settings.file.value_or("")), settings.sname ? "," : "",
           settings.sname ? dnsmasq_text(*settings.sname) : "");
    }
    const char* word = settings.only_requested ? "dhcp-option" : "dhcp-option-force";
    for (const netfakes::DhcpOption& option : listed_options(settings)) {
      write_option(word, option);
    }
  }

  void write_option(const char* word, const netfakes::DhcpOption& option) {
    if (option.code == 43) {
      if (const auto inside = sub_options(option.value)) {
        for (const netfakes::DhcpOption& each : *inside) {
          line("{}=encap:43,{},{}", word, each.code, dnsmasq_value(each.value));
        }
        return;
      }
    }
    if (option.value.empty()) return line("{}={}", word, option.code);
    line("{}={},{}", word, option.code, dnsmasq_value(option.value));
  }

  void write_dns(const netfakes::DnsConfig& config) {
    line("log-queries\nlocal-ttl={}", seconds_of(config.ttl));
    line("address=/#/");  // what it does not know does not exist
    for (const auto& [name, address] : config.names) {
      line("host-record={},{}", name, address.to_string());
    }
  }

  std::string text_;
};

}  // namespace

DaemonConfiguration configure_dnsmasq(const DaemonPlan& daemon, const DaemonSite& site) {
  const std::string file = site.folder + "/dnsmasq.conf";
  DaemonConfiguration made;
  made.files = {{"dnsmasq.conf", DnsmasqWriter().write(daemon, site)}};
  made.arguments = {"-k", "-C", file};
  made.check = {"--test", "-C", file};
  const bool dhcp = daemon.as<netfakes::DhcpConfig>() != nullptr;
  made.ready = {.protocol = "udp", .port = dhcp ? 67U : 53U, .word = {}};
  return made;
}

}  // namespace provlab::lab
