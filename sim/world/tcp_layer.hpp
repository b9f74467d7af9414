#pragma once
#include <deque>
#include <map>
#include <memory>

#include "sim/world/random.hpp"
#include "sim/world/tcp.hpp"

namespace provlab::world {

struct TcpListener {
  ListenOptions options;
  OperationId acceptor;
  std::shared_ptr<TcpConnection> arriving;
  std::deque<std::shared_ptr<TcpConnection>> waiting;
  std::size_t half_open = 0;  ///< connections in SYN-RECEIVED
  OperationId ready;
};

/// The connections and listeners of one host.
///  1. Ports and first sequence numbers follow the clock from a secret that each start draws anew
///  (RFC 9293 3.4.1, RFC 6528), so that they do not repeat after a power cut.
///  2. A listener has kBacklog connections waiting at most, and as many half open; SYNs beyond that
///  are not answered, as on Linux.
///  3. Where there is more than this world, peers may vanish without a word: those of idle
///  connections are looked for. In a world of its own nothing is sent that nobody asked for.
///  4. TIME-WAIT lasts for a minute, takes no event and counts as no socket. A new SYN that is
///  clearly newer ends it (RFC 1122 4.2.2.13, RFC 6191).
class TcpLayer final : public TcpConnection::Keeper {
 public:
  static constexpr std::size_t kBacklog = 4096;

  TcpLayer(Station& station, Network& network, std::uint64_t seed)
      : station_(station), network_(network), random_(seed), secret_(random_.next()) {}

  // Keeper
  Loop& loop() override { return network_.loop(); }
  /// From this host; where it has lost its address or route, nothing.
  void send(Packet&& packet) override;
  void refuse(const Packet& packet) override;
  error_code obstacle(Ipv4Address remote) const override;
  bool asks_in_vain(Ipv4Address remote) const override {
    return network_.asks_in_vain(station_, remote);
  }
  void offer(const std::shared_ptr<TcpConnection>& connection) override;
  void forget(const TcpConnection& connection, bool half_open) override;
  void wait_out(const TcpConnection& connection, TimeWait wait) override;

  std::shared_ptr<TcpConnection> open(Endpoint remote);  ///< connect() sends the SYN
  /// The same, from a port of the caller's choice.
  std::shared_ptr<TcpConnection> open(Port port, Endpoint remote);
  /// As Station::trouble(), of this host.
  std::optional<HostTrouble> trouble(const HostCall& call) const { return station_.trouble(call); }
  /// As Host::start_connect().
  OperationId start_connect(Endpoint remote, Instant deadline, ConnectHandler handler);
  Expected<std::unique_ptr<StreamAcceptor>> listen(const ListenOptions& options);
  /// Gives the packet to its connection or listener; answers RST where there is none. Returns why
  /// it is dropped unread, or empty: RFC 9293 3.9.2, RFC 1122 4.2.3.10.
  std::string_view receive(Packet& packet);
  void close_listener(Port port, const TcpListener* listener);
  std::size_t open_sockets() const { return connections_.size() + listeners_.size(); }
  /// The power comes back: another secret.
  void start() { secret_ = random_.next(); }
  void vanish();
  void close_all();

 private:
  struct Key {
    Port port;
    Endpoint remote;
    auto operator<=>(const Key&) const = default;
  };
  static constexpr std::size_t kLeastSweep = 64;
  std::shared_ptr<TcpConnection> add(Endpoint local, Endpoint remote);
  void look_later();
  void look_for_peers();
  std::uint64_t mixed(Endpoint local, Endpoint remote) const;
  void arrive(TcpListener& listener, const Packet& packet);
  /// Whether TIME-WAIT has dealt with the packet.
  bool still_waits(const Key& key, const Packet& packet);
  bool waits(const Key& key) const;

  Station& station_;
  Network& network_;
  SeededRandom random_;
  std::uint64_t secret_;
  std::map<Key, std::shared_ptr<TcpConnection>> connections_;
  std::map<Port, std::shared_ptr<TcpListener>> listeners_;
  std::map<Key, TimeWait> time_waits_;
  OperationId next_look_;               ///< for peers
  std::size_t sweep_at_ = kLeastSweep;  ///< of time_waits_: then those that are over go
};

}  // namespace provlab::world
