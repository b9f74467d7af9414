#pragma once
#include <map>
#include <vector>

#include "sim/world/station.hpp"

namespace provlab::world {

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

  const Stations& with_address(Ipv4Address address) const { return found(by_address_, address); }
  const Stations& with_mac(MacAddress mac) const { return found(by_mac_, mac); }
  const Stations& routers() const { return routers_; }
  /// Those that have sockets on this port, once for each.
  const Stations& listeners(Port port) const { return found(by_port_, port); }
  const Stations& all() const { return all_; }

 private:
  template <class Key>
  static const Stations& found(const std::map<Key, Stations>& index, const Key& key) {
    static const Stations kNone;
    const auto place = index.find(key);
    return place == index.end() ? kNone : place->second;
  }

  Stations all_;
  Stations routers_;
  std::map<MacAddress, Stations> by_mac_;
  std::map<Ipv4Address, Stations> by_address_;
  std::map<Port, Stations> by_port_;
  std::vector<std::optional<Ipv4Address>> addresses_;  ///< by index: as in by_address_
};

}  // namespace provlab::world
