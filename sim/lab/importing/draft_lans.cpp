#include "sim/lab/importing/draft_lans.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

namespace provlab::lab {

namespace {

using Network = InterfaceAddress;

/// Which network a server of DHCP serves, by the addresses that it gives.
std::map<Ipv4Address, Network> networks_of_servers(const Conversation& heard) {
  std::map<Ipv4Address, Network> found;
  for (const Said& said : heard.said) {
    const auto* dhcp = said.by_phone ? nullptr : said.as<DhcpSaid>();
    if (dhcp == nullptr || dhcp->your_address.is_any() || dhcp->option(1) == nullptr) continue;
    found.try_emplace(said.from.address, Network{dhcp->your_address, dhcp->prefix()});
  }
  return found;
}

/// Whether one question is answered from two networks: then both are in one LAN.
bool share_a_lan(const Conversation& heard, const std::map<Ipv4Address, Network>& networks) {
  std::map<std::uint32_t, Network> by_transaction;
  return std::ranges::any_of(heard.said, [&](const Said& said) {
    const auto* dhcp = said.by_phone ? nullptr : said.as<DhcpSaid>();
    const auto network = networks.find(said.from.address);
    if (dhcp == nullptr || network == networks.end()) return false;
    const auto first = by_transaction.try_emplace(dhcp->transaction, network->second).first;
    return !first->second.on_link(said.from.address);
  });
}

std::vector<LanStay> stays_by_servers(const Conversation& heard) {
  const std::map<Ipv4Address, Network> networks = networks_of_servers(heard);
  if (share_a_lan(heard, networks)) return {};
  std::vector<LanStay> stays;
  std::vector<Network> lans;
  std::optional<std::size_t> current;
  for (const Said& said : heard.said) {
    const auto* dhcp = said.by_phone ? nullptr : said.as<DhcpSaid>();
    const auto network = networks.find(said.from.address);
    // Who serves another network than its own is a relay's affair, not a LAN's.
    if (dhcp == nullptr || network == networks.end()) continue;
    if (!network->second.on_link(said.from.address)) return {};
    if (current && lans[*current].on_link(said.from.address)) continue;
    const auto known = std::ranges::find_if(
        lans, [&](const Network& lan) { return lan.on_link(said.from.address); });
    current = static_cast<std::size_t>(known - lans.begin());
    if (known == lans.end()) lans.push_back(network->second);
    const Duration asked = said.answers ? heard.said[*said.answers].at : said.at;
    stays.push_back({asked, fmt::format("lan{}", *current + 1)});
  }
  if (stays.size() < 2) return {};
  stays.front().from = Duration::zero();
  return stays;
}

std::vector<LanStay> stays_by_hands(const KnownPhone& phone) {
  std::vector<LanStay> stays{{Duration::zero(), phone.lan.empty() ? "lan1" : phone.lan}};
  for (const KnownPhone::Move& move : phone.moves) {
    if (move.lan != stays.back().lan) stays.push_back({move.at, move.lan});
  }
  return stays.size() < 2 ? std::vector<LanStay>() : stays;
}

}  // namespace

std::vector<LanStay> stays_in_lans(const Conversation& heard, const KnownPhone* phone) {
  if (phone != nullptr) {
    std::vector<LanStay> stays = stays_by_hands(*phone);
    if (!stays.empty()) return stays;
  }
  return stays_by_servers(heard);
}

const std::string& lan_of(const std::vector<LanStay>& stays, Duration time) {
  const auto behind = std::ranges::upper_bound(stays, time, {}, &LanStay::from);
  return behind == stays.begin() ? stays.front().lan : std::prev(behind)->lan;
}

std::string lan_at(const std::vector<LanStay>& stays, Duration plugged) {
  if (stays.empty()) return {};
  // Servers show a LAN when they are asked, a moment after the cable is in.
  constexpr Duration kMoment = std::chrono::seconds(1);
  const std::string& lan = lan_of(stays, plugged + kMoment);
  return lan == lan_of(stays, plugged - kMoment) ? std::string() : lan;
}

bool put_into_lans(std::vector<DraftHost>& hosts, const Conversation& heard,
                   const std::vector<LanStay>& stays) {
  if (stays.empty()) return true;
  const std::map<Ipv4Address, Network> networks = networks_of_servers(heard);
  std::map<Ipv4Address, std::set<std::string>> heard_in;
  for (const Said& said : heard.said) {
    if (!said.by_phone) heard_in[said.from.address].insert(lan_of(stays, said.at));
  }
  std::set<std::string> empty;
  for (const LanStay& stay : stays) empty.insert(stay.lan);
  std::vector<DraftHost> placed = hosts;
  for (DraftHost& host : placed) {
    const bool near = std::ranges::any_of(
        networks, [&](const auto& each) { return each.second.on_link(host.address); });
    if (!near || heard_in[host.address].size() != 1) continue;
    host.lan = *heard_in[host.address].begin();
    empty.erase(host.lan);
  }
  if (!empty.empty()) return false;
  hosts = std::move(placed);
  return true;
}

}  // namespace provlab::lab
