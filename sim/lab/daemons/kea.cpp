#include <fmt/format.h>

#include "sim/lab/daemons/configuration.hpp"
#include "sim/lab/daemons/dhcp_words.hpp"
#include "sim/text/json_members.hpp"

namespace provlab::lab {

namespace {

/// Members of a JSON object, without the braces.
class KeaWriter {
 public:
  template <class Value>
  KeaWriter& member(std::string_view name, const Value& value) {
    TextBuffer member;
    JsonMembers{member}(name, value);
    text_ += member.view().substr(text_.empty() ? 1 : 0);  // each begins with a comma
    return *this;
  }
  KeaWriter& raw(std::string_view name, std::string_view json) {
    text_ += fmt::format("{}\"{}\":{}", text_.empty() ? "" : ",", name, json);
    return *this;
  }
  std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string kea_hex(BytesView octets) {
  std::string text;
  for (const std::uint8_t octet : octets) text += fmt::format("{:02x}", octet);
  return text;
}

/// A list of objects, one a line.
class KeaList {
 public:
  void add(const KeaWriter& object) {
    text_ += fmt::format("{}\n    {}", text_.empty() ? "" : ",", object.object());
  }
  std::string array() const { return "[" + text_ + "]"; }

 private:
  std::string text_;
};

std::string kea_options(const netfakes::DhcpSettings& settings) {
  KeaList options;
  const auto servers = [&](const char* name, const std::vector<Ipv4Address>& addresses) {
    if (addresses.empty()) return;
    options.add(KeaWriter().member("name", name).member("data", address_list(addresses)));
  };
  servers("routers", settings.routers);
  servers("domain-name-servers", settings.dns_servers);
  servers("ntp-servers", settings.ntp_servers);
  for (const netfakes::DhcpOption& option : listed_options(settings)) {
    options.add(KeaWriter()
                    .member("code", static_cast<unsigned>(option.code))
                    .member("csv-format", false)
                    .member("data", kea_hex(option.value))
                    .member("always-send", !settings.only_requested));
  }
  return options.array();
}

std::string kea_configuration(const netfakes::DhcpConfig& config, const DaemonSite& site) {
  const netfakes::DhcpSettings& settings = config.settings;
  const DhcpPool pool = pool_of(config, site.address);
  KeaWriter interfaces;
  interfaces.raw("interfaces", fmt::format("[\"{}\"]", kDaemonInterface));
  interfaces.member("dhcp-socket-type", "raw");
  KeaWriter subnet;
  subnet.member("id", 1U);
  subnet.member("subnet",
                fmt::format("{}/{}", pool.network.address.to_string(), pool.network.prefix_length));
  subnet.raw("pools", fmt::format("[{{\"pool\":\"{} - {}\"}}]", pool.first.to_string(),
                                  pool.last.to_string()));
  KeaWriter server;
  server.raw("interfaces-config", interfaces.object());
  server.raw("lease-database", R"({"type":"memfile","persist":false})");
  server.member("authoritative", config.authoritative);
  server.member("valid-lifetime", seconds_of(settings.lease));
  if (settings.t1) server.member("renew-timer", seconds_of(*settings.t1));
  if (settings.t2) server.member("rebind-timer", seconds_of(*settings.t2));
  if (settings.file) server.member("boot-file-name", *settings.file);
  if (settings.sname) server.member("server-hostname", *settings.sname);
  server.raw("option-data", kea_options(settings));
  server.raw("subnet4", "[" + subnet.object() + "]");
  server.raw("loggers", R"([{"name":"kea-dhcp4","severity":"INFO",)"
                        R"("output_options":[{"output":"stdout"}]}])");
  return KeaWriter().raw("Dhcp4", server.object()).object() + "\n";
}

}  // namespace

DaemonConfiguration configure_kea(const DaemonPlan& daemon, const DaemonSite& site) {
  const std::string file = site.folder + "/kea.json";
  DaemonConfiguration made;
  made.files = {{"kea.json", kea_configuration(*daemon.as<netfakes::DhcpConfig>(), site)}};
  made.arguments = {"-c", file};
  made.environment = {"KEA_PIDFILE_DIR=" + site.folder, "KEA_LOCKFILE_DIR=" + site.folder};
  made.check = {"-t", file};
  // It has its sockets before it serves, and what comes in between is lost.
  made.ready = {.protocol = {}, .port = 0, .word = "DHCP4_STARTED"};
  return made;
}

}  // namespace provlab::lab
