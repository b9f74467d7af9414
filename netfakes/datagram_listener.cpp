#include "netfakes/datagram_listener.hpp"

#include <utility>

namespace provlab::netfakes {

Expected<void> DatagramListener::open(Host& host, const UdpOptions& options, Handler handler) {
  auto socket = host.open_udp(options);
  if (!socket) return std::unexpected(std::move(socket).error());
  socket_ = std::move(*socket);
  handler_ = std::move(handler);
  receive_next();
  return {};
}

void DatagramListener::close() {
  arrival_.cut();  // also what is already on its way to the handler
  socket_.reset();
}

void DatagramListener::receive_next() {
  socket_->start_receive(std::nullopt, arrival_.tie([this](error_code error, Datagram datagram) {
    if (error) return;
    handler_(std::move(datagram));
    if (is_open() && !arrival_.holds()) receive_next();
  }));
}

}  // namespace provlab::netfakes
