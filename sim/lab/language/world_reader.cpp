#include "sim/lab/language/world_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/lab/language/answer_rule_reader.hpp"

namespace provlab::lab {

namespace {

void read_link(const Element& link, ScenarioPlan& plan) {
  if (const auto latency = link.duration("latency")) plan.link.latency = *latency;
  if (const auto jitter = link.duration("jitter")) plan.link.jitter = *jitter;
  if (const auto loss = link.percent("loss")) plan.link.loss = *loss;
  plan.up = link.duration("up").value_or(Duration::zero());
  plan.down = link.duration("down").value_or(Duration::zero());
}

HostPlan read_host(const Element& element) {
  HostPlan host;
  host.line = element.line();
  host.options.name = element.text("id");
  if (const auto address = element.interface_address("address")) {
    host.options.configuration = InterfaceConfiguration{*address, {}};
  }
  host.options.latency = element.duration("latency").value_or(Duration::zero());
  host.options.latency_to = element.duration("latency-to");
  host.options.latency_from = element.duration("latency-from");
  if (element.has("latency") && host.options.latency_to && host.options.latency_from) {
    element.complain("latency", "latency-to and latency-from stand in place of latency; remove it");
  }
  host.options.loss = element.percent("loss").value_or(0);
  host.options.mac = element.mac("mac");
  host.options.routes = element.flag("routes").value_or(false);
  host.dns_names = element.words("name");
  host.lan = element.text("lan");
  return host;
}

/// Complains about what belongs to a host already.
class Owners {
 public:
  void take(const Element& element, const HostPlan& host) {
    const std::string& id = host.options.name;
    if (const auto [other, is_new] = ids_.emplace(id, host.line); !is_new && !id.empty()) {
      element.complain("id", fmt::format("there is already a host '{}' in line {}; choose another "
                                         "id",
                                         id, other->second));
    }
    if (const auto& configuration = host.options.configuration) {
      const std::uint32_t address = configuration->address.address.value;
      const auto [other, is_new] = addresses_.emplace(std::pair(host.lan, address), id);
      if (!is_new) {
        element.complain("address", fmt::format("the address {} belongs to host '{}' already; "
                                                "choose another",
                                                element.text("address"), other->second));
      }
    }
    for (const std::string& name : host.dns_names) {
      const auto [other, is_new] = names_.emplace(name, owners_.size());
      if (!is_new && other->second != owners_.size()) {
        element.complain("name", fmt::format("the name {} belongs to host '{}' already", name,
                                             owners_[other->second]));
      }
    }
    owners_.push_back(id);
  }

 private:
  std::map<std::string, int> ids_;                                          ///< with their lines
  std::map<std::pair<std::string, std::uint32_t>, std::string> addresses_;  ///< of each LAN
  std::map<std::string, std::size_t> names_;  ///< with the host's number
  std::vector<std::string> owners_;
};

void read_hosts(const Element& world, std::vector<HostPlan>& hosts) {
  Owners owners;
  for (const Element& element : world.children("host")) {
    HostPlan host = read_host(element);
    if (host.options.name == "device") {
      element.complain("id", "id=\"device\" is the phone's own name; choose another");
    }
    if (host.options.name == "none") {
      element.complain("id", "id=\"none\" means no host elsewhere; choose another");
    }
    owners.take(element, host);
    hosts.push_back(std::move(host));
  }
}

LosePlan read_lose(const Element& element, const Names& names) {
  LosePlan lose;
  lose.from = names.host_or_phone(element, "from");
  lose.to = names.host_or_phone(element, "to");
  if (const auto protocol = element.get("protocol")) {
    lose.protocol = *protocol == "udp" ? world::Protocol::udp : world::Protocol::tcp;
  }
  lose.port = static_cast<Port>(element.number("port").value_or(0));
  lose.nth = element.nth("nth");
  lose.every = element.number("every");
  read_times(element, lose.since, lose.until);
  lose.use = names.watch(element, "no packet was lost by it");
  if (lose.nth && lose.every) {
    element.complain("every", "nth and every exclude each other; keep one of them");
  }
  return lose;
}

}  // namespace

void read_world(const Element& world, const Names& names, ScenarioPlan& plan) {
  if (const auto link = world.child("link")) read_link(*link, plan);
  read_hosts(world, plan.hosts);
  for (const Element& lose : world.children("lose")) plan.losses.push_back(read_lose(lose, names));
}

namespace {

/// The network that the phone is plugged into, whatever address it has there: that of the first
/// DHCP server, else of the first router, else the one that the phone believes in.
std::optional<InterfaceAddress> network_of_phone(const Names& names, const ScenarioPlan& plan) {
  const auto& dhcp = names.hosts_with("dhcp");
  const auto routing =
      std::ranges::find_if(plan.hosts, [](const HostPlan& host) { return host.options.routes; });
  const HostPlan* host = !dhcp.empty()                 ? &plan.hosts[dhcp.front()]
                         : routing != plan.hosts.end() ? &*routing
                                                       : nullptr;
  if (host == nullptr && plan.phone.static_address) return plan.phone.static_address->address;
  if (host == nullptr) host = &plan.hosts.front();
  if (!host->options.configuration) return std::nullopt;
  return host->options.configuration->address;
}

/// The networks behind the phone's, numbered in the order of the first hosts in them.
class FarNetworks {
 public:
  world::Segment segment_of(const InterfaceAddress& address) {
    const std::uint32_t network = address.address.value & address.mask();
    const auto next = static_cast<world::Segment>(segments_.size() + 1);
    return segments_.emplace(network, next).first->second;
  }

 private:
  std::map<std::uint32_t, world::Segment> segments_;
};

void check_lan(const Element& scenario, const Names& names, const HostPlan& host) {
  Complaints& complaints = scenario.context().complaints;
  const std::string& id = host.options.name;
  if (!host.lan.empty() && names.has_daemon(id)) {
    complaints.add(host.line, fmt::format("host '{}' has a daemon, and those are in one network "
                                          "with the phone for ever; remove lan=\"{}\"",
                                          id, host.lan));
  }
}

/// Where the world has several LANs: each host stands where it says, or behind all of them.
void place_in_lans(const Element& scenario, const Names& names, ScenarioPlan& plan) {
  const std::vector<std::string> lans = names.lans();
  const auto device = scenario.child("device");
  plan.lan = device && device->has("lan") ? device->text("lan") : lans.front();
  if (std::ranges::find(lans, plan.lan) == lans.end()) {
    device->complain("lan", fmt::format("no host is in a LAN '{}'{}; there are {}", plan.lan,
                                        did_you_mean(plan.lan, lans), any_of(lans)));
  }
  FarNetworks networks;
  for (HostPlan& host : plan.hosts) {
    check_lan(scenario, names, host);
    if (!host.lan.empty()) {
      host.options.segment = host.lan == plan.lan ? 0 : world::kElsewhere;
    } else if (const auto& configuration = host.options.configuration) {
      host.options.segment = networks.segment_of(configuration->address);
    }
  }
  for (const std::string_view kind : {"dhcp", "multicast"}) {
    for (const std::size_t index : names.hosts_with(kind)) {
      const HostPlan& host = plan.hosts[index];
      if (!host.lan.empty()) continue;
      scenario.context().complaints.add(
          host.line, fmt::format("host '{}' has a <{}>, which reaches only its own LAN, and stands "
                                 "in none; say which by lan=\"{}\"",
                                 host.options.name, kind, lans.front()));
    }
  }
}

}  // namespace

void place_hosts(const Element& scenario, const Names& names, ScenarioPlan& plan) {
  if (plan.hosts.empty()) return;
  if (!names.lans().empty()) return place_in_lans(scenario, names, plan);
  if (const auto device = scenario.child("device"); device && device->has("lan")) {
    device->complain("lan", "no host of this world says in which LAN it is; give them lan=\"...\"");
  }
  const std::optional<InterfaceAddress> lan = network_of_phone(names, plan);
  if (!lan) return;  // was complained about
  FarNetworks networks;
  for (HostPlan& host : plan.hosts) {
    if (!host.options.configuration) continue;
    const InterfaceAddress& address = host.options.configuration->address;
    host.options.segment = lan->on_link(address.address) ? 0 : networks.segment_of(address);
  }
  for (const std::string_view kind : {"dhcp", "multicast"}) {
    for (const std::size_t index : names.hosts_with(kind)) {
      const HostPlan& host = plan.hosts[index];
      if (host.options.segment == 0) continue;
      scenario.context().complaints.add(
          host.line,
          fmt::format("host '{}' has a <{}>, which reaches only the phone's own network "
                      "{}/{}; give the host an address there",
                      host.options.name, kind, lan->address.to_string(), lan->prefix_length));
    }
  }
}

}  // namespace provlab::lab
