#include "sim/wire/neighbours.hpp"

#include <utility>

namespace provlab::wire {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostWaiting = 16;
constexpr std::size_t kMostEntries = 8192;
constexpr unsigned kMostQuestions = 3;
constexpr Duration kBetweenQuestions = 1s;
constexpr Duration kBelieved = 60s;
constexpr unsigned kMostProbes = 3;
constexpr Duration kBetweenProbes = 200ms;

}  // namespace

Neighbours::~Neighbours() {
  for (const auto& [address, entry] : entries_) loop_.queue().take(entry.next_question);
  for (const auto& [address, probe] : probes_) loop_.queue().take(probe.next);
}

void Neighbours::send(const Asker& asker, Ipv4Address hop, world::Packet packet) {
  Entry& entry = entry_of(hop);
  if (entry.mac) {
    if (entry.asked == 0 && loop_.now() - entry.seen > kBelieved) question(hop, asker);
    return wire_.send_to(*entry.mac, std::move(packet));
  }
  if (entry.waiting.size() == kMostWaiting) {
    wire_.give_up(entry.waiting.front().packet);
    entry.waiting.erase(entry.waiting.begin());
  }
  entry.waiting.push_back({asker, std::move(packet)});
  if (entry.asked == 0) question(hop, asker);
}

Neighbours::Entry& Neighbours::entry_of(Ipv4Address address) {
  const auto [place, is_new] = entries_.try_emplace(address);
  if (!is_new) return place->second;
  touch(address, place->second);
  if (entries_.size() > kMostEntries) {
    const auto out = entries_.find(by_age_.begin()->second);
    give_up(out->second);
    by_age_.erase(by_age_.begin());
    entries_.erase(out);
  }
  return place->second;
}

void Neighbours::touch(Ipv4Address address, Entry& entry) {
  by_age_.erase({entry.seen, address});
  entry.seen = loop_.now();
  by_age_.emplace(entry.seen, address);
}

void Neighbours::question(Ipv4Address address, const Asker& asker) {
  Entry& entry = entries_.at(address);
  if (entry.asked == kMostQuestions) return give_up(entry);
  ++entry.asked;
  // Before the timers of that instant: one of TCP's that began with the first question finds out.
  entry.next_question =
      loop_.queue().schedule(loop_.now() + kBetweenQuestions, world::Rank::delivery,
                             [this, address, asker](error_code error) {
                               if (!error) question(address, asker);
                             });
  wire_.ask(asker, address);
}

void Neighbours::give_up(Entry& entry) {
  loop_.queue().take(entry.next_question);
  entry.asked = 0;
  entry.mac.reset();
  entry.failed = true;
  for (const Waiting& each : std::exchange(entry.waiting, {})) wire_.give_up(each.packet);
}

void Neighbours::contend(Ipv4Address address, MacAddress mac) {
  if (const auto probed = probes_.find(address); probed != probes_.end()) {
    loop_.queue().take(probed->second.next);
    ProbeHandler handler = std::move(probed->second.handler);
    probes_.erase(probed);
    handler(mac);
  }
  const auto first = [&] { return listening_.lower_bound({address, MacAddress{}}); };
  for (auto at = first(); at != listening_.end() && at->first.first == address; at = first()) {
    auto node = listening_.extract(at);
    node.mapped()(mac);
  }
}

void Neighbours::learn(Ipv4Address address, MacAddress mac) {
  contend(address, mac);
  Entry& entry = entry_of(address);
  touch(address, entry);
  entry.mac = mac;
  entry.failed = false;
  entry.asked = 0;
  loop_.queue().take(entry.next_question);
  for (Waiting& each : std::exchange(entry.waiting, {})) {
    wire_.send_to(mac, std::move(each.packet));
  }
}

bool Neighbours::in_vain(Ipv4Address address) const {
  const auto place = entries_.find(address);
  return place != entries_.end() && place->second.failed;
}

std::optional<MacAddress> Neighbours::find(Ipv4Address address) const {
  const auto place = entries_.find(address);
  return place == entries_.end() ? std::nullopt : place->second.mac;
}

void Neighbours::probe(MacAddress mac, Ipv4Address address, ProbeHandler handler) {
  probes_.insert_or_assign(address, Probe{mac, std::move(handler), 0, {}});
  next_probe(address);
}

void Neighbours::probe_once(MacAddress mac, Ipv4Address address, world::Station::ProbeHeard heard) {
  listening_.insert_or_assign({address, mac}, std::move(heard));
  wire_.ask({mac, Ipv4Address::any()}, address);
}

void Neighbours::next_probe(Ipv4Address address) {
  Probe& probe = probes_.at(address);
  if (probe.sent == kMostProbes) {
    ProbeHandler handler = std::move(probe.handler);
    probes_.erase(address);
    return handler(std::nullopt);
  }
  ++probe.sent;
  probe.next = loop_.queue().schedule(loop_.now() + kBetweenProbes, world::Rank::timer,
                                      [this, address](error_code error) {
                                        if (!error) next_probe(address);
                                      });
  wire_.ask({probe.mac, Ipv4Address::any()}, address);
}

}  // namespace provlab::wire
