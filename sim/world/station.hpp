#pragma once
#include <optional>
#include <string>
#include <vector>

#include "sim/world/host_fault.hpp"
#include "sim/world/packet.hpp"

namespace provlab::world {

/// Stations of one segment hear each other's broadcasts; between segments a packet goes through a
/// station that routes. Segment 0 is the LAN of the device.
using Segment = std::uint32_t;
/// A LAN that the device is not plugged into, whatever others there are: nobody there hears anybody
/// here, nor the other way round.
inline constexpr Segment kElsewhere = 0xffffffffU;

struct HostOptions {
  std::string name;
  std::optional<InterfaceConfiguration> configuration{};  ///< set at once; a phone starts without
  std::optional<MacAddress> mac{};                        ///< else 02:00:00:00:00:NN in order
  Segment segment = 0;
  bool routes = false;  ///< passes on what is for other hosts; all others drop it (RFC 1122 3.3.1)
  Duration latency{};   ///< added to the link's, for packets from and to this host
  std::optional<Duration> latency_to{};    ///< in place of it, for packets to this host
  std::optional<Duration> latency_from{};  ///< the same for packets from it
  double loss = 0;                         ///< of packets from and to this host, beside the link's
};

/// A host as its network and its sockets see it: where it is plugged in, and what is up.
class Station {
 public:
  Station(const Station&) = delete;
  Station& operator=(const Station&) = delete;

  const std::string& name() const { return name_; }
  std::size_t index() const { return index_; }  ///< among those of its world
  HostId id() const { return id_; }
  MacAddress mac() const { return mac_; }
  Segment segment() const { return segment_; }
  bool elsewhere() const { return segment_ == kElsewhere; }
  /// For its network, which knows what follows.
  void stand_in(Segment segment) { segment_ = segment; }
  bool routes() const { return routes_; }
  bool up() const { return powered_ && link_up_; }
  Duration latency_to() const { return latency_to_; }
  Duration latency_from() const { return latency_from_; }
  double loss() const { return loss_; }
  bool powered() const { return powered_; }
  bool link_up() const { return link_up_; }
  const std::optional<InterfaceConfiguration>& configuration() const { return configuration_; }
  bool has_address(Ipv4Address address) const {
    return configuration_ && configuration_->address.address == address;
  }

  /// From now on its calls fail as this says; it must not be set by one of them.
  void set_fault(HostFault fault) { fault_ = std::move(fault); }
  /// Why this call fails; nothing where it does not.
  std::optional<HostTrouble> trouble(const HostCall& call) const {
    if (!fault_) [[likely]]
      return std::nullopt;
    return fault_(call);
  }

  /// Whether a packet sent to `address` by broadcast or multicast is for this host.
  virtual bool hears(Ipv4Address group) const = 0;
  /// Whether a socket of the host waits for such a packet to a group.
  virtual bool listens(const Packet& packet) const = 0;
  /// The multicast groups that its sockets have joined.
  virtual std::vector<Ipv4Address> groups() const = 0;
  /// Whether it stands for all who are not in this world: everything that nobody here takes is for
  /// it, whatever the address.
  virtual bool is_outside() const { return false; }
  /// Whether the trace tells what it sends and receives.
  virtual bool told() const { return true; }
  using ProbeHeard = UniqueFunction<void(MacAddress)>;
  /// Asks by one ARP probe who has the address; asked of what is outside.
  virtual void probe(const Station&, Ipv4Address, ProbeHeard) {}
  /// Whether somebody has this address, as far as it is known; asked of what is outside.
  virtual bool reaches(Ipv4Address address) const { return has_address(address); }
  /// A packet has arrived: gives it to its socket; returns why it could not, or empty.
  virtual std::string_view receive(Packet& packet) = 0;
  /// A port that no UDP socket has, for UDP and TCP in turn.
  virtual Port ephemeral_port() = 0;

 protected:
  Station(const HostOptions& options, std::size_t index, HostId id);
  ~Station() = default;

  std::optional<InterfaceConfiguration> configuration_;
  bool powered_ = true;
  bool link_up_ = true;
  double loss_;

 private:
  HostFault fault_;
  std::string name_;
  std::size_t index_;
  HostId id_;
  MacAddress mac_;
  Segment segment_;
  bool routes_;
  Duration latency_to_;
  Duration latency_from_;
};

}  // namespace provlab::world
