#include "sim/lab/importing/draft_comings.hpp"

#include <algorithm>

namespace provlab::lab {

namespace {

constexpr Port kDomain = 53;

MarkupNode action(const char* name, Duration at, const DraftHost& host) {
  return MarkupNode{.name = name}.set("at", to_string(at)).set("host", host.id);
}

Duration between(Duration first, Duration second) {
  constexpr Duration kUnit = std::chrono::milliseconds(1);
  const Duration middle = first + (second - first) / 2;
  return second - first > 4 * kUnit ? middle / kUnit * kUnit : middle;
}

/// Stopping a host stops all that it serves.
bool serves_web_only(const DraftHost& host) {
  return std::ranges::all_of(host.kinds, [](const std::string& kind) {
    return kind == "tcp" || kind == "http" || kind == "redirect";
  });
}

void add_stops(std::vector<MarkupNode>& actions, const DraftInputs& inputs, const DraftHost& host) {
  if (!serves_web_only(host)) return;
  std::map<Port, std::vector<const OpenedConnection*>> by_port;
  for (const OpenedConnection& each : inputs.heard.connections) {
    const bool theirs = each.by_phone && each.server.address == host.address;
    if (theirs && each.server.port != kDomain && (each.accepted || each.refused())) {
      by_port[each.server.port].push_back(&each);
    }
  }
  // Where one port refuses and another does not, the host is up.
  if (by_port.size() != 1) return;
  const std::vector<const OpenedConnection*>& tries = by_port.begin()->second;
  const bool ever =
      std::ranges::any_of(tries, [](const auto* each) { return each->accepted.has_value(); });
  if (!ever) return;
  if (tries.front()->refused()) actions.push_back(action("stop", Duration::zero(), host));
  for (std::size_t i = 1; i < tries.size(); ++i) {
    const bool refused = tries[i]->refused();
    if (refused == tries[i - 1]->refused()) continue;
    actions.push_back(
        action(refused ? "stop" : "start", between(tries[i - 1]->at, tries[i]->at), host));
  }
}

/// Who holds an address that the phone had had before it declined it has come in between.
void add_holder(std::vector<MarkupNode>& actions, const DraftInputs& inputs,
                const DraftHost& host) {
  std::optional<Duration> had;
  std::optional<Duration> given;
  for (const Said& said : inputs.heard.said) {
    const auto* dhcp = said.as<DhcpSaid>();
    if (dhcp == nullptr) continue;
    if (!said.by_phone && dhcp->type == dhcp_type::kAck && dhcp->your_address == host.address) {
      if (!had) had = given;
      given = said.at;
    }
    if (!said.by_phone || said.words != "decline") continue;
    const auto declined = dhcp->addresses(50);
    if (declined.empty() || declined[0] != host.address) continue;
    if (had && given) {
      actions.push_back(action("unplug", Duration::zero(), host));
      actions.push_back(action("plug", between(*had, *given), host));
    }
    return;
  }
}

}  // namespace

std::vector<MarkupNode> comings_and_goings(const DraftInputs& inputs) {
  std::vector<MarkupNode> actions;
  for (const DraftHost& host : inputs.world.hosts()) {
    add_stops(actions, inputs, host);
    add_holder(actions, inputs, host);
  }
  return actions;
}

}  // namespace provlab::lab
