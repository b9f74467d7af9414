#include "sim/lab/language/daemon_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "sim/lab/language/dhcp_reader.hpp"
#include "sim/lab/language/dns_reader.hpp"
#include "sim/lab/language/http_reader.hpp"
#include "sim/lab/language/multicast_reader.hpp"
#include "sim/lab/language/ntp_reader.hpp"
#include "sim/lab/language/redirect_reader.hpp"
#include "sim/lab/language/web_server_reader.hpp"
#include "sim/lab/machine/input_file.hpp"

namespace provlab::lab {

namespace {

/// What a daemon can be told, as attributes and elements of the language.
struct Vocabulary {
  std::string_view kind;
  std::string_view attributes;
  std::string_view elements;
};

constexpr std::array<Vocabulary, 6> kVocabularies{{
    {"isc-dhcpd",
     "offer prefix router dns ntp lease renew rebind file sname only-requested authoritative",
     "option"},
    {"kea",
     "offer prefix router dns ntp lease renew rebind file sname only-requested authoritative",
     "option"},
    {"dnsmasq",
     "offer prefix router dns ntp lease file sname only-requested authoritative after ttl",
     "option name"},
    {"chronyd", "stratum leap", ""},
    {"nginx", "port tls keep-alive", "file moved"},
    {"sipp", "ok ok-after unswapped", "notify"},
}};

/// The same of the elements inside; of others every attribute.
constexpr std::array<Vocabulary, 4> kInside{{
    {"name", "is address", ""},
    {"file", "path src size type status drip gap", ""},
    {"moved", "path to status", ""},
    {"notify", "url type after", ""},
}};

bool has_word(std::string_view words, std::string_view word) {
  std::istringstream each{std::string(words)};
  for (std::string next; each >> next;) {
    if (next == word) return true;
  }
  return false;
}

std::vector<std::string> words_of(std::string_view words) {
  std::istringstream each{std::string(words)};
  return {std::istream_iterator<std::string>(each), {}};
}

template <std::size_t Size>
const Vocabulary* find(const std::array<Vocabulary, Size>& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &Vocabulary::kind);
  return found == table.end() ? nullptr : &*found;
}

void check_attributes(const Element& element, std::string_view kind, std::string_view words,
                      std::string_view always) {
  for (const xmlAttr* each = element.node()->properties; each != nullptr; each = each->next) {
    const std::string name(reinterpret_cast<const char*>(each->name));
    if (has_word(words, name) || has_word(always, name)) continue;
    element.complain(name, fmt::format("{} cannot be told {}=\"...\"; it understands {}", kind,
                                       name, any_of(words_of(words))));
  }
}

/// Complains about what the daemon cannot do.
void check_words(const Element& daemon, std::string_view kind) {
  const bool own = daemon.has("config");
  const Vocabulary& known = *find(kVocabularies, kind);
  if (own) {
    check_attributes(daemon, "a daemon with config", "", "kind host serves config");
  } else {
    check_attributes(daemon, kind, known.attributes, "kind host serves");
  }
  for (const Element& each : daemon.children()) {
    if (own) {
      each.complain(
          fmt::format("<{}> goes unheard, because config=\"...\" is all that this daemon "
                      "is told; remove one of them",
                      each.name()));
    } else if (!has_word(known.elements, each.name())) {
      each.complain(fmt::format("{} has no use for <{}>{}", kind, each.name(),
                                known.elements.empty()
                                    ? std::string("; remove it")
                                    : "; it understands " + any_of(words_of(known.elements))));
    } else if (const Vocabulary* inside = find(kInside, each.name())) {
      check_attributes(each, fmt::format("<{}> of {}", each.name(), kind), inside->attributes, "");
    }
  }
}

void check_dhcp(const Element& daemon, const netfakes::DhcpConfig& config) {
  if (!config.settings.pieces.empty()) {
    daemon.complain("a daemon splits its options itself; give each <option> once");
  }
  for (const Element& option : daemon.children("option")) {
    const auto read = read_plain_option(option);
    if (read && read->value.size() > 255)
      option.complain("an option of a daemon has at most 255 octets; shorten it");
  }
}

void check_ntp(const Element& daemon, const netfakes::NtpConfig& config) {
  if (config.settings.leap != 0 && config.settings.leap != 3) {
    daemon.complain("leap", "chronyd says leap=\"0\", or \"3\" while it is not synchronised");
  }
  if (config.settings.stratum == 0 || config.settings.stratum > 15) {
    daemon.complain("stratum", "the stratum of a chronyd goes from 1 to 15");
  }
}

void check_http(const Element& daemon, const netfakes::HttpConfig& config) {
  if (daemon.text("tls") == "stall") {
    daemon.complain("tls", "nginx finishes each handshake; remove tls=\"stall\"");
  }
  for (const netfakes::HttpResource& each : config.resources) {
    if (each.location.empty() && each.status != 200 && !each.body.empty()) {
      daemon.complain(
          fmt::format("nginx sends no file with status {}; leave {} without content, or status out",
                      each.status, each.path));
    }
  }
  for (const Element& file : daemon.children("file")) {
    if (file.has("gap") == file.has("drip")) continue;
    file.complain("drip and gap together say how slowly a file comes; give both, or none");
  }
}

void check_what_it_serves(const Element& daemon, const DaemonPlan& plan) {
  if (const auto* dhcp = plan.as<netfakes::DhcpConfig>()) check_dhcp(daemon, *dhcp);
  if (const auto* ntp = plan.as<netfakes::NtpConfig>()) check_ntp(daemon, *ntp);
  if (const auto* http = plan.as<netfakes::HttpConfig>()) check_http(daemon, *http);
}

/// By its name there, as complaints call it.
std::string host_named(const ScenarioPlan& plan, std::size_t host) {
  return fmt::format("host '{}'", plan.hosts[host].options.name);
}

}  // namespace

void read_daemon(const Element& daemon, const ResponderSite& site) {
  DaemonPlan plan;
  plan.kind = daemon_kind(daemon.text("kind"));
  if (plan.kind == nullptr) return;  // was complained about
  plan.host = site.host;
  plan.line = daemon.line();
  check_words(daemon, plan.kind->name);
  if (daemon.has("config")) plan.own = daemon.file("config", kMostScenarioOctets);
  const auto after = daemon.duration("after").value_or(Duration::zero());
  plan.answer_after = after;
  if (after % std::chrono::seconds(1) != Duration::zero()) {
    daemon.complain("after", "dnsmasq waits for whole seconds; write for example after=\"2s\"");
  }
  const std::vector<std::string> chosen = served_by(plan.kind->name, daemon.get("serves"));
  const std::size_t purposes = site.plan.purposes.size();
  for (const std::string& protocol : chosen) {
    if (std::ranges::find(plan.kind->protocols, protocol) == plan.kind->protocols.end()) {
      daemon.complain("serves", fmt::format("{} serves no {}; remove serves=\"...\"",
                                            plan.kind->name, protocol));
      return;
    }
    plan.serves.push_back(netfakes::configured(protocol, [&](auto& empty) {
      empty.name = plan.kind->name;
      read_responder(daemon, site, empty);
    }));
  }
  site.plan.purposes.resize(purposes);  // what a daemon does stands in its log alone
  if (daemon.has("tls")) plan.tls = read_tls_options(daemon, site);
  check_what_it_serves(daemon, plan);
  site.plan.daemons.push_back(std::move(plan));
}

void check_sides(const Element& scenario, const Names& names, const ScenarioPlan& plan) {
  if (plan.daemons.empty()) return;
  Complaints& complaints = scenario.context().complaints;
  std::set<std::size_t> fakes;
  for (const ResponderPlan& each : plan.responders) fakes.insert(each.host);
  for (const DaemonPlan& daemon : plan.daemons) {
    if (!fakes.contains(daemon.host)) continue;
    complaints.add(daemon.line,
                   fmt::format("{} has a daemon and responders that are none, and nothing can be "
                               "on both sides of a plug; give the others another host or a "
                               "<daemon> each",
                               host_named(plan, daemon.host)));
  }
  // Whoever leads to another network must be on the side of those that are in there.
  for (std::size_t host = 0; host < plan.hosts.size(); ++host) {
    const world::HostOptions& options = plan.hosts[host].options;
    if (options.segment == 0) continue;
    const bool real = names.has_daemon(options.name);
    for (std::size_t router = 0; router < plan.hosts.size(); ++router) {
      if (!plan.hosts[router].options.routes || (!real && !fakes.contains(host))) continue;
      const bool opposite =
          real ? fakes.contains(router) : names.has_daemon(plan.hosts[router].options.name);
      if (!opposite) continue;
      complaints.add(plan.hosts[host].line,
                     fmt::format("{} is behind {}: both have daemons, or none of them",
                                 host_named(plan, host), host_named(plan, router)));
    }
  }
  const auto world = scenario.child("world");
  for (const Element& lose : world ? world->children("lose") : std::vector<Element>{}) {
    for (const char* end : {"from", "to"}) {
      if (!names.has_daemon(lose.text(end))) continue;
      lose.complain(end, fmt::format("host '{}' has a daemon, and nothing is lost on its cable",
                                     lose.text(end)));
    }
  }
}

}  // namespace provlab::lab
