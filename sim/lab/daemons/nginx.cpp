#include <fmt/format.h>

#include <algorithm>

#include "core/platform/text.hpp"
#include "sim/lab/daemons/configuration.hpp"

namespace provlab::lab {

namespace {

/// A target that a regular expression finds to the letter.
std::string nginx_pattern(std::string_view target) {
  std::string pattern = "~^";
  for (const char c : target) {
    const auto octet = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(octet) != 0 || c == '/' || c == '_' || c == '-';
    pattern += plain ? std::string(1, c) : fmt::format("\\x{:02x}", octet);
  }
  // Without a query it stands for every query.
  return pattern + (target.find('?') == std::string_view::npos ? "(\\?.*)?$" : "$");
}

std::string nginx_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '$') {
      quoted += "${dollar}";
      continue;
    }
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

// Each answer has a number. The map finds it by what is asked for, and one location for each number
// says what it is: a file in the folder, or where to go instead.
class NginxWriter {
 public:
  explicit NginxWriter(const DaemonSite& site) : site_(site) {}

  std::string write(const netfakes::HttpConfig& config, bool tls) {
    line(
        "daemon off;\nmaster_process off;\nuser root;\nerror_log stderr;\npid {}/pid;\nevents {{}}",
        site_.folder);
    line("http {{\n  access_log {}/log;", site_.folder);
    for (const char* each : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
      line("  {}_temp_path {}/{};", each, site_.folder, each);
    }
    line("  map_hash_bucket_size 1024;\n  geo $dollar {{ default \"$\"; }}");
    line("  map $request_uri $answer {{\n    default none;");
    write_targets(config, true);
    write_targets(config, false);
    line("  }}\n  server {{\n    listen {}{};", config.port, tls ? " ssl" : "");
    if (tls) {
      line("    ssl_certificate {0}/certificate;\n    ssl_certificate_key {0}/key;", site_.folder);
    }
    if (!config.server.keep_alive) line("    keepalive_timeout 0;");
    line("    location / {{ rewrite ^ /answer/$answer? last; }}");
    line("    location = /answer/none {{ internal; return 404; }}");
    for (std::size_t i = 0; i < config.resources.size(); ++i) write_answer(i, config.resources[i]);
    line("  }}\n}}");
    return std::move(text_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    text_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }

  /// Those with a query come before those that take any.
  void write_targets(const netfakes::HttpConfig& config, bool with_query) {
    for (std::size_t i = 0; i < config.resources.size(); ++i) {
      const std::string& path = config.resources[i].path;
      if ((path.find('?') != std::string::npos) != with_query) continue;
      line("    \"{}\" {};", nginx_pattern(path), i);
    }
  }

  void write_answer(std::size_t number, const netfakes::HttpResource& resource) {
    line("    location = /answer/{} {{\n      internal;", number);
    if (!resource.location.empty()) {
      line("      return {} {};", resource.status, nginx_text(resource.location));
    } else if (resource.status != 200) {
      line("      return {};", resource.status);
    } else {
      line("      types {{}}\n      default_type {};", nginx_text(resource.content_type));
      if (resource.faults != nullptr && resource.faults->stream.drip) {
        line("      limit_rate {};", rate_of(*resource.faults));
      }
      line("      alias {}/{};", site_.folder, number);
    }
    line("    }}");
  }

  /// Octets a second.
  static std::uint64_t rate_of(const netfakes::Faults& faults) {
    const double seconds = std::max(std::chrono::duration<double>(faults.gap).count(), 1e-6);
    return std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(static_cast<double>(*faults.stream.drip) / seconds));
  }

  const DaemonSite& site_;
  std::string text_;
};

}  // namespace

DaemonConfiguration configure_nginx(const DaemonPlan& daemon, const DaemonSite& site) {
  const auto& config = *daemon.as<netfakes::HttpConfig>();
  const std::string file = site.folder + "/nginx.conf";
  DaemonConfiguration made;
  made.files = {{"nginx.conf", NginxWriter(site).write(config, daemon.tls.has_value())}};
  for (std::size_t i = 0; i < config.resources.size(); ++i) {
    made.files.emplace_back(std::to_string(i), config.resources[i].body);
  }
  if (daemon.tls) {
    netfakes::TlsOptions presented = *daemon.tls;
    presented.now = site.now;
    netfakes::TlsPem identity = netfakes::tls_identity(presented);
    made.files.emplace_back("certificate", std::move(identity.certificate));
    made.files.emplace_back("key", std::move(identity.key));
  }
  made.arguments = {"-e", "stderr", "-p", site.folder, "-c", file};
  made.check = {"-t", "-e", "stderr", "-p", site.folder, "-c", file};
  made.ready = {.protocol = "tcp", .port = config.port, .word = {}};
  return made;
}

}  // namespace provlab::lab
