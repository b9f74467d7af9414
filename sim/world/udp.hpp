#pragma once
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "sim/world/network.hpp"

namespace provlab::world {

/// The UDP and link sockets of one host. The states live here and not in the socket objects: those
/// are owned by coroutine frames, which are owned by the handlers, and a cycle would leak.
class UdpLayer {
 public:
  UdpLayer(Station& station, Network& network)
      : station_(station), network_(network), loop_(network.loop()) {}

  Expected<std::unique_ptr<UdpSocket>> open(const UdpOptions& options);
  Expected<std::unique_ptr<LinkSocket>> open_link(LinkFilter filter);
  /// Gives the packet to whom it is for; false where nobody listens.
  bool receive(Packet& packet);
  /// Whether a socket here would take a packet to a group; link sockets do not ask which (`heard`).
  bool wants(const Packet& packet, bool heard) const;
  bool in_group(Ipv4Address group) const;
  std::vector<Ipv4Address> groups() const;
  bool port_in_use(Port port) const { return sockets_.contains(port); }
  std::size_t open_sockets() const { return sockets_.size() + link_sockets_.size(); }
  void close_all();

  struct SocketState {
    UdpOptions options;
    std::vector<Datagram> waiting;
    OperationId receiver;  ///< waits for a datagram
    OperationId ready;     ///< is about to get the first that waits
    Datagram arriving;     ///< handed to the receiver that is being completed
  };
  struct LinkState {
    LinkFilter filter;
    std::vector<LinkDatagram> waiting;
    OperationId receiver;
    OperationId ready;
    LinkDatagram arriving;
  };

 private:
  void closed(const SocketState& socket);
  Station& station_;
  Network& network_;
  Loop& loop_;
  std::map<Port, std::shared_ptr<SocketState>> sockets_;
  std::map<Port, std::shared_ptr<LinkState>> link_sockets_;

  friend class VirtualUdpSocket;
  friend class VirtualLinkSocket;
};

}  // namespace provlab::world
