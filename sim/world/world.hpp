#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "sim/world/loop.hpp"
#include "sim/world/network.hpp"
#include "sim/world/virtual_host.hpp"

namespace provlab::world {

/// A deterministic world: one thread, virtual time from zero, its own network and hosts.
///  1. Everything that happens in it follows from its seed and from what is put into it.
///  2. Many worlds may live side by side, each used by one thread at a time.
///  3. To destroy it is to destroy every pending handler, and with them the coroutines of its
///  hosts.
///  4. Objects that refer to a host (sockets, phones, responders) may die before or after it. After
///  it they must not be used.
///  5. Hosts of different networks share clock and trace, and nothing of what they send.
class World : public Loop {
 public:
  explicit World(std::uint64_t seed = 1);
  ~World();

  VirtualHost& add_host(const HostOptions& options) { return add_host(options, network_); }
  VirtualHost& add_host(const HostOptions& options, Network& network);
  /// One more, which a wire may join with the first.
  Network& add_network();
  VirtualHost* find_host(std::string_view name);
  const std::vector<std::unique_ptr<VirtualHost>>& hosts() const { return hosts_; }
  Network& network() { return network_; }
  std::uint64_t seed() const { return seed_; }
  /// The memory that grows while it runs: trace, captures, what pends and what is on its way.
  std::size_t octets() const;

 private:
  std::uint64_t seed_;
  Network network_;
  std::vector<std::unique_ptr<Network>> more_networks_;
  std::vector<std::unique_ptr<VirtualHost>> hosts_;
};

}  // namespace provlab::world
