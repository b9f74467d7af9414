#pragma once
#include <memory>

#include "core/platform/host.hpp"
#include "core/platform/tether.hpp"

namespace provlab::netfakes {

/// A UDP socket and the loop that receives from it, until close() or its destruction; the handler
/// is not called after either. The handler may close the listener, but not destroy it.
class DatagramListener {
 public:
  using Handler = UniqueFunction<void(Datagram)>;
  Expected<void> open(Host& host, const UdpOptions& options, Handler handler);
  void close();
  bool is_open() const { return socket_ != nullptr; }
  UdpSocket& socket() { return *socket_; }  ///< precondition: is_open()

 private:
  void receive_next();

  std::unique_ptr<UdpSocket> socket_;
  Handler handler_;
  Tether arrival_;
};

}  // namespace provlab::netfakes
