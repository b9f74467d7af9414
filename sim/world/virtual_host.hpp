#pragma once
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/world/storage.hpp"
#include "sim/world/tcp.hpp"
#include "sim/world/transfer_sockets.hpp"
#include "sim/world/udp.hpp"
#include "sim/world/world.hpp"

namespace provlab::world {

/// A machine of the virtual world with one Ethernet interface.
class VirtualHost final : public Host {
 public:
  VirtualHost(World& world, const HostOptions& options, std::size_t index);

  // Host
  asio::io_context& context() override { return world_.context(); }
  MacAddress mac() const override { return mac_; }
  Instant now() const override { return world_.now(); }
  OperationId start_timer(Instant deadline, WaitHandler handler) override;
  void cancel(OperationId operation) noexcept override;
  void configure(const InterfaceConfiguration& configuration) override;
  void deconfigure() override;
  std::optional<InterfaceConfiguration> configuration() const override { return configuration_; }
  bool link_up() const override { return link_up_; }
  Expected<std::unique_ptr<UdpSocket>> open_udp(const UdpOptions& options) override;
  Expected<std::unique_ptr<LinkSocket>> open_link(Port port) override;
  Expected<std::unique_ptr<StreamAcceptor>> listen(const ListenOptions& options) override;
  TransferSockets& transfer_sockets() override;
  Storage& storage() override { return storage_; }
  Random& random() override { return random_; }
  Trace& trace() override { return world_.trace(); }
  HostId id() const override { return id_; }

  // The lab's hands
  /// Without power nothing is sent, received or accepted; connections vanish without a word, and
  /// the disk loses what was not synced.
  void set_power(bool on);
  bool powered() const { return powered_; }
  /// Pulls the cable out or puts it in.
  void set_link(bool up);
  MemoryDisk& disk() { return disk_; }
  /// Sockets and connections open on the host (SPEC I9).
  std::size_t open_sockets() const;

  // For the rest of the world
  World& world() { return world_; }
  const std::string& name() const { return name_; }
  std::size_t index() const { return index_; }
  Segment segment() const { return segment_; }
  Duration latency() const { return latency_; }
  double loss() const { return loss_; }
  bool online() const { return powered_ && link_up_; }
  /// Whether a packet sent to `address` by broadcast or multicast is for this host.
  bool hears(Ipv4Address group) const;
  bool has_address(Ipv4Address address) const {
    return configuration_ && configuration_->address.address == address;
  }
  /// A packet has arrived: gives it to its socket; returns why it could not, or empty.
  std::string_view receive(Packet& packet);
  Port ephemeral_port();
  TcpLayer& tcp() { return tcp_; }
  UdpLayer& udp() { return udp_; }
  void close_all();

 private:
  World& world_;
  std::string name_;
  std::size_t index_;
  HostId id_;
  MacAddress mac_;
  Segment segment_;
  Duration latency_;
  double loss_;
  std::optional<InterfaceConfiguration> configuration_;
  SeededRandom random_;
  MemoryDisk disk_;
  DurableStorage storage_{disk_};
  UdpLayer udp_;
  TcpLayer tcp_;
  std::unique_ptr<VirtualTransferSockets> transfer_sockets_;
  Port next_port_ = 49152;
  bool powered_ = true;
  bool link_up_ = true;
};

}  // namespace provlab::world
