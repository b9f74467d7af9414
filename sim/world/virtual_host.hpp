#pragma once
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "sim/record/trace.hpp"
#include "sim/world/network.hpp"
#include "sim/world/storage.hpp"
#include "sim/world/udp.hpp"

namespace provlab::world {

class TcpLayer;
class VirtualTransferSockets;

/// A machine of the virtual world with one Ethernet interface.
class VirtualHost final : public Host, public Station {
 public:
  VirtualHost(Network& network, const HostOptions& options, std::size_t index, std::uint64_t seed);
  ~VirtualHost() override;

  // Host
  asio::io_context& context() override { return loop_.context(); }
  MacAddress mac() const override { return Station::mac(); }
  Instant now() const override { return loop_.now(); }
  OperationId start_timer(Instant deadline, WaitHandler handler) override;
  void cancel(OperationId operation) noexcept override;
  void configure(const InterfaceConfiguration& configuration) override;
  void deconfigure() override;
  std::optional<InterfaceConfiguration> configuration() const override { return configuration_; }
  bool link_up() const override { return link_up_; }
  OperationId start_link_wait(std::optional<Instant> deadline, WaitHandler handler) override;
  OperationId start_address_probe(Ipv4Address address, Instant deadline,
                                  ProbeHandler handler) override;
  Expected<std::unique_ptr<UdpSocket>> open_udp(const UdpOptions& options) override;
  Expected<std::unique_ptr<LinkSocket>> open_link(LinkFilter filter) override;
  Expected<std::unique_ptr<StreamAcceptor>> listen(const ListenOptions& options) override;
  OperationId start_connect(Endpoint remote, Instant deadline, ConnectHandler handler) override;
  TransferSockets& transfer_sockets() override;
  Storage& storage() override { return *storage_; }
  Random& random() override { return random_; }
  Trace& trace() override { return loop_.trace(); }
  HostId id() const override { return Station::id(); }

  // The lab's hands
  /// Without power nothing is sent, received or accepted; connections vanish without a word, and
  /// the disk loses what was not synced.
  void set_power(bool on);
  void set_loss(double probability) { loss_ = probability; }
  /// Pulls the cable out or puts it in.
  void set_link(bool up);
  MemoryDisk& disk() { return disk_; }
  /// From now on its storage is this one, of the machine's own, in place of its disk; it must
  /// outlive the host.
  void keep_in(Storage& storage) { storage_ = &storage; }
  /// Sockets and connections open on the host (SPEC I9).
  std::size_t open_sockets() const;

  // Station
  bool hears(Ipv4Address group) const override;
  bool listens(const Packet& packet) const override;
  std::vector<Ipv4Address> groups() const override { return udp_.groups(); }
  std::string_view receive(Packet& packet) override;
  Port ephemeral_port() override;

  TcpLayer& tcp() { return *tcp_; }
  void close_all();

 private:
  Port first_port();

  Network& network_;
  Loop& loop_;
  SeededRandom random_;
  MemoryDisk disk_;
  DurableStorage on_disk_{disk_};
  Storage* storage_ = &on_disk_;
  UdpLayer udp_;
  std::unique_ptr<TcpLayer> tcp_;
  std::unique_ptr<VirtualTransferSockets> transfer_sockets_;
  SeededRandom starts_;  ///< a port to begin with, for each start
  Port next_port_;
  std::vector<OperationId> link_waits_;
};

}  // namespace provlab::world
