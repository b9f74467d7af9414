#pragma once
#include <algorithm>
#include <map>
#include <ranges>
#include <utility>
#include <vector>

#include "sim/world/station.hpp"

namespace provlab::world {

/// Stations by a key that few have in common, in one piece of memory. Of the same key they come in
/// the order of their indices.
template <class Key>
class StationTable {
 public:
  void put(const Key& key, Station& station) {
    entries_.insert(place_of(key, station), {key, &station});
  }
  /// It is there.
  void take(const Key& key, const Station& station) { entries_.erase(place_of(key, station)); }
  /// Valid until the table changes.
  auto at(const Key& key) const {
    return std::ranges::equal_range(entries_, key, {}, &Entry::first) | std::views::values;
  }

 private:
  using Entry = std::pair<Key, Station*>;
  auto place_of(const Key& key, const Station& station) {
    const auto order = [](const Entry& entry) {
      return std::pair(entry.first, entry.second->index());
    };
    return std::ranges::lower_bound(entries_, std::pair(key, station.index()), {}, order);
  }

  std::vector<Entry> entries_;
};

/// Finds the stations of a network by what they are asked for. Where several fit, they come in the
/// order in which they were added.
class StationIndex {
 public:
  using Stations = std::vector<Station*>;

  void add(Station& station);
  /// The station's address is another one, or none, than when it was last told.
  void readdress(Station& station);
  /// It has opened, or closed, a socket on this UDP port.
  void listen(Station& station, Port port);
  void unlisten(Station& station, Port port);

  auto with_address(Ipv4Address address) const { return by_address_.at(address); }
  auto with_mac(MacAddress mac) const { return by_mac_.at(mac); }
  const Stations& routers() const { return routers_; }
  /// Those that have sockets on this port, once for each.
  const Stations& listeners(Port port) const {
    static const Stations kNone;
    const auto place = by_port_.find(port);
    return place == by_port_.end() ? kNone : place->second;
  }
  const Stations& all() const { return all_; }

 private:
  Stations all_;
  Stations routers_;
  StationTable<MacAddress> by_mac_;
  StationTable<Ipv4Address> by_address_;
  std::map<Port, Stations> by_port_;
  std::vector<std::optional<Ipv4Address>> addresses_;  ///< by index: as in by_address_
};

}  // namespace provlab::world
