#include <fmt/format.h>

#include <map>

#include "sim/lab/daemons/configuration.hpp"
#include "sim/lab/daemons/dhcp_words.hpp"

namespace provlab::lab {

namespace {

/// A text as dhcpd.conf(5) writes it.
std::string isc_text(BytesView octets) {
  std::string text = "\"";
  for (const std::uint8_t octet : octets) {
    if (octet < 0x20 || octet > 0x7e || octet == '"' || octet == '\\') {
      text += fmt::format("\\{:03o}", octet);
    } else {
      text += static_cast<char>(octet);
    }
  }
  return text + '"';
}

/// Options that dhcpd knows as texts, by its names for them; others are told as octets.
const char* isc_name_of_text(std::uint8_t code) {
  static const std::map<std::uint8_t, const char*> kNames{
      {12, "host-name"}, {15, "domain-name"}, {66, "tftp-server-name"}, {67, "bootfile-name"}};
  const auto found = kNames.find(code);
  return found == kNames.end() ? nullptr : found->second;
}

class IscWriter {
 public:
  std::string write(const netfakes::DhcpConfig& config, const DaemonSite& site) {
    const DhcpPool pool = pool_of(config, site.address);
    line("ddns-update-style none;");
    line("ping-check false;");
    line("{}authoritative;", config.authoritative ? "" : "not ");
    for (const netfakes::DhcpOption& option : listed_options(config.settings)) define(option);
    line("subnet {} netmask {} {{", pool.network.address.to_string(),
         Ipv4Address{pool.network.mask()}.to_string());
    line("  range {} {};", pool.first.to_string(), pool.last.to_string());
    write_settings(config.settings);
    line("}}");
    return std::move(text_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    text_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }

  static std::string name_of(std::uint8_t code) {
    if (code == 43) return "vendor-encapsulated-options";
    const char* known = isc_name_of_text(code);
    return known != nullptr ? known : fmt::format("provlab-{}", code);
  }

  void define(const netfakes::DhcpOption& option) {
    if (option.code == 43 || isc_name_of_text(option.code) != nullptr) return;
    line("option provlab-{0} code {0} = string;", option.code);
  }

  void write_settings(const netfakes::DhcpSettings& settings) {
    line("  default-lease-time {0};\n  max-lease-time {0};\n  min-lease-time {0};",
         seconds_of(settings.lease));
    const auto servers = [&](const char* name, const std::vector<Ipv4Address>& addresses) {
      if (!addresses.empty()) line("  option {} {};", name, address_list(addresses));
    };
    servers("routers", settings.routers);
    servers("domain-name-servers", settings.dns_servers);
    servers("ntp-servers", settings.ntp_servers);
    if (settings.t1) line("  option dhcp-renewal-time {};", seconds_of(*settings.t1));
    if (settings.t2) line("  option dhcp-rebinding-time {};", seconds_of(*settings.t2));
    if (settings.file) line("  filename {};", isc_text(bytes_of(*settings.file)));
    if (settings.sname) line("  server-name {};", isc_text(bytes_of(*settings.sname)));
    // Stands for what the client asks for. What is listed there comes first in the message, and is
    // last to give way; so those that a URL is made of travel in the header where room is short.
    std::string asked = "1,3,6,15,42,51,58,59", last;
    for (const netfakes::DhcpOption& option : listed_options(settings)) {
      const bool text = isc_name_of_text(option.code) != nullptr || option.value.empty();
      line("  option {} {};", name_of(option.code),
           text ? isc_text(option.value) : colon_hex(option.value));
      const bool of_url = option.code == 43 || option.code == 66 || option.code == 67;
      (of_url ? last : asked) += fmt::format(",{}", option.code);
    }
    if (!settings.only_requested) line("  option dhcp-parameter-request-list {}{};", asked, last);
  }

  std::string text_;
};

}  // namespace

DaemonConfiguration configure_isc_dhcpd(const DaemonPlan& daemon, const DaemonSite& site) {
  const std::string file = site.folder + "/dhcpd.conf";
  DaemonConfiguration made;
  made.files = {{"dhcpd.conf", IscWriter().write(*daemon.as<netfakes::DhcpConfig>(), site)},
                {"leases", ""}};
  made.arguments = {
      "-4", "-d", "-cf", file, "-lf", site.folder + "/leases", "--no-pid", kDaemonInterface};
  made.check = {"-t", "-4", "-cf", file};
  made.ready = {.protocol = "udp", .port = 67, .word = {}};
  return made;
}

}  // namespace provlab::lab
