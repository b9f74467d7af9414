#pragma once
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/platform/address.hpp"
#include "core/platform/time.hpp"

namespace provlab::netfakes {

/// Which client has which address, by MAC address. A client gets its former address back as long
/// as nobody else has it.
class DhcpLeases {
 public:
  DhcpLeases() = default;
  /// The pool is `size` addresses from `first`, without `server` and the fixed ones.
  DhcpLeases(Ipv4Address first, unsigned size, Ipv4Address server,
             std::map<MacAddress, Ipv4Address> fixed)
      : first_(first), size_(size), server_(server), fixed_(std::move(fixed)) {
    for (const auto& [client, address] : fixed_) kept_.emplace(address, client);
  }

  /// The address this client is bound to or was offered, be it expired or not.
  std::optional<Ipv4Address> of(MacAddress client) const;
  /// An address for the client: its fixed one, its former one, `wanted`, or the first free one.
  /// Nothing where the pool is used up.
  std::optional<Ipv4Address> choose(MacAddress client, std::optional<Ipv4Address> wanted,
                                    Instant now) const;
  /// Whether the client may have this address: it is its own, or in the pool and free.
  bool allowed(MacAddress client, Ipv4Address address, Instant now) const;

  void bind(MacAddress client, Ipv4Address address, Instant until);
  void release(MacAddress client);
  /// The client found the address in use by another: it is not given out again.
  void declined(MacAddress client, Ipv4Address address);

 private:
  struct Binding {
    Ipv4Address address;
    Instant until;
  };
  bool in_pool(Ipv4Address address) const;
  bool taken_by_another(MacAddress client, Ipv4Address address, Instant now) const;

  Ipv4Address first_;
  unsigned size_ = 0;
  Ipv4Address server_;
  /// Who has an address, in both tables' other direction: a segment may hold thousands.
  using Holders = std::set<std::pair<Ipv4Address, MacAddress>>;

  std::map<MacAddress, Ipv4Address> fixed_;
  Holders kept_;  ///< of fixed_
  std::map<MacAddress, Binding> bound_;
  Holders holders_;  ///< of bound_
  std::set<Ipv4Address> unusable_;
};

}  // namespace provlab::netfakes
