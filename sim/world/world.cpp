#include "sim/world/world.hpp"

namespace provlab::world {

World::World(std::uint64_t seed) : seed_(seed), network_(*this, seed ^ 0x6e6574776f726bULL) {}

World::~World() {
  begin_closing();
  for (const auto& host : hosts_) host->close_all();
  destroy_pending();
}

VirtualHost& World::add_host(const HostOptions& options, Network& network) {
  hosts_.push_back(std::make_unique<VirtualHost>(network, options, hosts_.size(), seed_));
  network.attach(*hosts_.back());
  return *hosts_.back();
}

Network& World::add_network() {
  const std::uint64_t seed = seed_ ^ (0x6c616eULL + more_networks_.size());
  return *more_networks_.emplace_back(std::make_unique<Network>(*this, seed));
}

std::size_t World::octets() const {
  std::size_t octets = Loop::octets() + network_.octets();
  for (const auto& network : more_networks_) octets += network->octets();
  return octets;
}

VirtualHost* World::find_host(std::string_view name) {
  for (const auto& host : hosts_) {
    if (host->name() == name) return host.get();
  }
  return nullptr;
}

}  // namespace provlab::world
