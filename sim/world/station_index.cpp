#include "sim/world/station_index.hpp"

namespace provlab::world {

void StationIndex::add(Station& station) {
  all_.push_back(&station);
  if (station.routes()) routers_.push_back(&station);
  by_mac_.put(station.mac(), station);
  readdress(station);
}

void StationIndex::readdress(Station& station) {
  if (addresses_.size() <= station.index()) addresses_.resize(station.index() + 1);
  std::optional<Ipv4Address>& known = addresses_[station.index()];
  if (known) by_address_.take(*known, station);
  known.reset();
  if (const auto& configuration = station.configuration()) {
    known = configuration->address.address;
    by_address_.put(*known, station);
  }
}

void StationIndex::listen(Station& station, Port port) {
  Stations& stations = by_port_[port];
  const auto behind = std::ranges::upper_bound(stations, station.index(), {}, &Station::index);
  stations.insert(behind, &station);
}

void StationIndex::unlisten(Station& station, Port port) {
  const auto place = by_port_.find(port);
  if (place == by_port_.end()) return;
  Stations& stations = place->second;
  const auto at = std::ranges::lower_bound(stations, station.index(), {}, &Station::index);
  if (at != stations.end() && *at == &station) stations.erase(at);
  if (stations.empty()) by_port_.erase(place);
}

}  // namespace provlab::world
