#include "sim/world/station_index.hpp"

#include <algorithm>

namespace provlab::world {

namespace {

void put_in(StationIndex::Stations& stations, Station& station) {
  const auto behind = std::ranges::upper_bound(stations, station.index(), {}, &Station::index);
  stations.insert(behind, &station);
}

template <class Key>
void take_out(std::map<Key, StationIndex::Stations>& index, const Key& key,
              const Station& station) {
  const auto place = index.find(key);
  if (place == index.end()) return;
  StationIndex::Stations& stations = place->second;
  const auto at = std::ranges::lower_bound(stations, station.index(), {}, &Station::index);
  if (at != stations.end() && *at == &station) stations.erase(at);
  if (stations.empty()) index.erase(place);
}

}  // namespace

void StationIndex::add(Station& station) {
  all_.push_back(&station);
  if (station.routes()) routers_.push_back(&station);
  put_in(by_mac_[station.mac()], station);
  readdress(station);
}

void StationIndex::readdress(Station& station) {
  if (addresses_.size() <= station.index()) addresses_.resize(station.index() + 1);
  std::optional<Ipv4Address>& known = addresses_[station.index()];
  if (known) take_out(by_address_, *known, station);
  known.reset();
  if (const auto& configuration = station.configuration()) {
    known = configuration->address.address;
    put_in(by_address_[*known], station);
  }
}

void StationIndex::listen(Station& station, Port port) {
  put_in(by_port_[port], station);
}

void StationIndex::unlisten(Station& station, Port port) {
  take_out(by_port_, port, station);
}

}  // namespace provlab::world
