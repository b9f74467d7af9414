#include "sim/lab/language/responders_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "netfakes/responder_kinds.hpp"
#include "sim/lab/language/daemon_reader.hpp"
#include "sim/lab/language/dhcp_reader.hpp"
#include "sim/lab/language/dns_reader.hpp"
#include "sim/lab/language/http_reader.hpp"
#include "sim/lab/language/multicast_reader.hpp"
#include "sim/lab/language/ntp_reader.hpp"
#include "sim/lab/language/redirect_reader.hpp"
#include "sim/lab/language/web_server_reader.hpp"

namespace provlab::lab {

namespace {

struct Placed {
  Element element;
  std::size_t host;
};

/// Who is where, because DHCP announces the others.
std::vector<Placed> place(const Element& responders, Names& names) {
  std::vector<Placed> placed;
  for (const Element& element : responders.children()) {
    if (!element.has("host")) {
      element.complain(fmt::format("<{}> needs host=\"...\": the world has {}", element.name(),
                                   any_of(names.host_ids())));
    }
    const auto host = names.host(element, "host");
    if (!host) continue;
    if (element.name() == "daemon") {
      names.add_daemon(*host);
      for (const std::string& kind : served_by(element.text("kind"), element.get("serves"))) {
        names.add_responder(kind, *host);
      }
    } else {
      names.add_responder(element.name(), *host);
    }
    placed.push_back({element, *host});
  }
  return placed;
}

/// Complains about a web server whose port another one of its host has.
class Listeners {
 public:
  bool take_port(const Placed& server, const Names& names) {
    if (!is_web_server(server.element)) return true;
    const Port port = port_of(server.element);
    const auto [other, fresh] = taken_.emplace(std::pair(server.host, port), server.element);
    if (fresh) return true;
    server.element.complain(fmt::format(
        "port {} of host '{}' is taken by the <{}> in line {}; give one of them another port or "
        "host",
        port, names.id_of(server.host), other->second.name(), other->second.line()));
    return false;
  }

 private:
  std::map<std::pair<std::size_t, Port>, Element> taken_;
};

/// Gives responders the names that the trace calls them by: `http`, `http@prov`, `http@prov:8080`.
class Titles {
 public:
  std::string title_of(const Placed& responder, const Names& names) {
    const Element& element = responder.element;
    const std::string& host = names.id_of(responder.host);
    std::string title(element.name());
    if (names.hosts_with(title).size() > 1) title += "@" + host;
    if (given_.insert(title).second) return title;
    title += fmt::format(":{}", port_of(element));
    if (!is_web_server(element) || !given_.insert(title).second) {
      element.complain(fmt::format("host '{}' has a <{}> already; give this one another host{}",
                                   host, element.name(),
                                   element.name() == "http" ? " or port" : ""));
    }
    return title;
  }

 private:
  std::set<std::string> given_;
};

}  // namespace

void read_responders(const Element& responders, Names& names, ScenarioPlan& plan) {
  std::vector<Placed> placed = place(responders, names);
  // First what time it is, because certificates are made for it.
  std::ranges::stable_partition(placed,
                                [](const Placed& each) { return each.element.name() == "ntp"; });
  Listeners listeners;
  Titles titles;
  for (const Placed& each : placed) {
    if (!listeners.take_port(each, names)) continue;
    const ResponderSite site{names, plan, each.host};
    if (each.element.name() == "daemon") {
      read_daemon(each.element, site);
      continue;
    }
    auto config = netfakes::configured(each.element.name(), [&](auto& empty) {
      empty.name = titles.title_of(each, names);
      read_responder(each.element, site, empty);
    });
    plan.responders.push_back({each.host, std::move(config)});
  }
}

}  // namespace provlab::lab
