#include "sim/lab/importing/draft_world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/platform/text.hpp"

namespace provlab::lab {

namespace {

constexpr Duration kUsualLink = std::chrono::milliseconds(1);
/// A first answer that comes later was not that long on its way.
constexpr Duration kLongestWay = std::chrono::milliseconds(400);

/// Who is asked, or who answers in the place of everybody.
Ipv4Address server_of(const Said& said) {
  return said.by_phone ? said.to.address : said.from.address;
}

/// Whether scenarios can call a host so.
bool can_be_named(std::string_view name) {
  return name.size() <= 253 && std::ranges::all_of(name, [](char c) {
           return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
         });
}

}  // namespace

bool is_assignment(const HttpSaid& request) {
  return request.request && request.method == "GET" && request.target.starts_with("/?mac=") &&
         request.target.find("&type=") != std::string::npos &&
         request.target.find("&serial=") != std::string::npos;
}

std::string_view kind_of_question(const Said& said) {
  switch (said.talk) {
    case Talk::dhcp:
      return "dhcp";
    case Talk::dns:
      return "dns";
    case Talk::ntp:
      return "ntp";
    case Talk::sip:
      return said.words == "subscribe" ? "multicast" : "";
    case Talk::http: {
      const auto* http = said.as<HttpSaid>();
      if (!http->request) return "";
      return is_assignment(*http) ? "redirect" : "http";
    }
    case Talk::tls:
      // Where it is opened, what is in it tells.
      return said.as<TlsSaid>()->opened ? "" : "http";
    case Talk::other:
      return "";
  }
  return "";
}

DraftWorld::DraftWorld(const Conversation& heard, bool exact, const KnownPhone* phone)
    : exact_(exact), stays_(stays_in_lans(heard, phone)) {
  find_hosts(heard);
  find_names(heard);
  measure(heard);
  name_hosts();
  if (!put_into_lans(hosts_, heard, stays_)) stays_.clear();
  if (stays_.empty()) widen_networks(heard);
}

/// Two servers of DHCP in one LAN may serve two networks: their own has to hold both.
void DraftWorld::widen_networks(const Conversation& heard) {
  InterfaceAddress all{};
  std::set<Ipv4Address> servers;
  for (const Said& said : heard.said) {
    if (said.talk == Talk::dhcp && !said.by_phone) servers.insert(said.from.address);
  }
  if (servers.empty()) return;
  all.address = *servers.begin();
  for (const Ipv4Address each : servers) {
    while (!all.on_link(each)) --all.prefix_length;
  }
  for (DraftHost& host : hosts_) {
    if (servers.contains(host.address)) host.prefix = all.prefix_length;
  }
}

std::string DraftWorld::lan_at(Duration plugged) const {
  return lab::lan_at(stays_, plugged);
}

bool DraftWorld::hears(const DraftHost& host, Duration at) const {
  return stays_.empty() || host.lan.empty() || lan_of(stays_, at) == host.lan;
}

const DraftHost* DraftWorld::at(Ipv4Address address) const {
  const auto found = std::ranges::find(hosts_, address, &DraftHost::address);
  return found == hosts_.end() ? nullptr : &*found;
}

const DraftHost* DraftWorld::of_kind(std::string_view kind) const {
  for (const DraftHost& host : hosts_) {
    if (host.kinds.contains(std::string(kind))) return &host;
  }
  return nullptr;
}

DraftHost& DraftWorld::place(Ipv4Address address) {
  for (DraftHost& host : hosts_) {
    if (host.address == address) return host;
  }
  return hosts_.emplace_back(DraftHost{.address = address, .id = {}, .names = {}});
}

/// Somebody else answers for an address that the phone declines (RFC 2131 4.4.4).
void DraftWorld::find_other_holder(const Said& said) {
  constexpr std::uint8_t kDecline = 4;
  const auto* dhcp = said.as<DhcpSaid>();
  if (dhcp == nullptr || dhcp->type != kDecline) return;
  const auto declined = dhcp->addresses(50);
  if (!declined.empty() && declined[0].is_unicast()) place(declined[0]);
}

void DraftWorld::find_hosts(const Conversation& heard) {
  for (const Said& said : heard.said) {
    const Ipv4Address server = server_of(said);
    if (said.by_phone) find_other_holder(said);
    if (!server.is_unicast() || heard.phone.addresses.contains(server)) continue;
    DraftHost& host = place(server);
    const Said& question = said.answers ? heard.said[*said.answers] : said;
    // Who answers in another's place is no server of its own.
    if (said.by_phone ||
        (said.answers && !(question.to.address.is_unicast() && question.to.address != server))) {
      const std::string_view kind = kind_of_question(question);
      if (question.by_phone && !kind.empty()) host.kinds.emplace(kind);
    }
    // Who passes packets on to other networks is a host even where it says nothing itself.
    const auto* dhcp = said.as<DhcpSaid>();
    if (dhcp == nullptr) continue;
    if (said.by_phone) continue;
    for (const Ipv4Address router : dhcp->addresses(3)) {
      if (router.is_unicast()) place(router);
    }
  }
  for (const OpenedConnection& connection : heard.connections) {
    if (connection.by_phone && connection.server.address.is_unicast()) {
      place(connection.server.address).kinds.emplace("tcp");
    }
  }
}

void DraftWorld::find_names(const Conversation& heard) {
  for (const Said& said : heard.said) {
    const auto* dns = said.as<DnsSaid>();
    if (dns == nullptr || said.by_phone || dns->type != "A") continue;
    std::vector<Ipv4Address> addresses;
    for (const DnsSaid::Record& record : dns->records) {
      if (record.type != "A") continue;
      if (const auto address = Ipv4Address::read(record.data)) addresses.push_back(*address);
    }
    if (addresses.size() != 1 || !addresses[0].is_unicast() || !can_be_named(dns->name)) continue;
    const bool elsewhere = std::ranges::any_of(hosts_, [&](const DraftHost& host) {
      return host.address != addresses[0] &&
             std::ranges::find(host.names, dns->name) != host.names.end();
    });
    DraftHost& host = place(addresses[0]);
    const bool known = std::ranges::find(host.names, dns->name) != host.names.end();
    if (!known && !elsewhere) host.names.push_back(dns->name);
  }
}

void DraftWorld::measure(const Conversation& heard) {
  const auto take = [&](Ipv4Address address, Duration time) {
    if (!address.is_unicast() || time < Duration::zero() || time > kLongestWay) return;
    for (DraftHost& host : hosts_) {
      if (host.address != address) continue;
      if (!host.round_trip || time < *host.round_trip) host.round_trip = time;
    }
  };
  for (const Said& said : heard.said) {
    if (said.by_phone || !said.answers) continue;
    take(said.from.address, said.at - heard.said[*said.answers].at);
  }
  for (const OpenedConnection& connection : heard.connections) {
    if (!connection.by_phone || connection.syns != 1) continue;
    if (connection.accepted) take(connection.server.address, *connection.accepted - connection.at);
    if (connection.refused()) take(connection.server.address, *connection.reset - connection.at);
  }
  std::optional<Duration> shortest;
  for (const DraftHost& host : hosts_) {
    if (host.round_trip && (!shortest || *host.round_trip < *shortest)) shortest = host.round_trip;
  }
  link_ = shortest ? std::min(rounded(*shortest / 2), kUsualLink) : kUsualLink;
}

Duration DraftWorld::rounded(Duration time) const {
  if (exact_ || time <= Duration::zero()) return time;
  const auto digits = std::floor(std::log10(static_cast<double>(time.count())));
  const auto unit = static_cast<std::int64_t>(std::pow(10, std::max(0.0, digits - 2)));
  return Duration((time.count() + unit / 2) / unit * unit);
}

Duration DraftWorld::latency_of(const DraftHost& host) const {
  if (!host.round_trip) return Duration::zero();
  const Duration more = std::max(*host.round_trip / 2 - link_, Duration::zero());
  // Nobody would write so little beside what every packet takes.
  return exact_ || more > link_ / 10 ? rounded(more) : Duration::zero();
}

Duration DraftWorld::round_trip_to(const DraftHost& host) const {
  return 2 * (link_ + latency_of(host));
}

std::string DraftWorld::name_of(Ipv4Address address) const {
  const DraftHost* const host = at(address);
  return host == nullptr ? address.to_string() : host->id;
}

void DraftWorld::name_hosts() {
  struct Name {
    std::string_view kind;
    std::string_view id;
  };
  constexpr std::array<Name, 7> kNames{{{"dhcp", "router"},
                                        {"redirect", "cloud"},
                                        {"multicast", "pbx"},
                                        {"http", "prov"},
                                        {"dns", "dns"},
                                        {"ntp", "time"},
                                        {"tcp", "server"}}};
  std::map<std::string, int> taken;
  for (DraftHost& host : hosts_) {
    std::string id = "host";
    for (const Name& name : kNames) {
      if (!host.kinds.contains(std::string(name.kind))) continue;
      id = name.id;
      break;
    }
    const int number = ++taken[id];
    host.id = number == 1 ? id : fmt::format("{}{}", id, number);
  }
}

}  // namespace provlab::lab
