#include "netfakes/datagram_listener.hpp"

#include <utility>

namespace provlab::netfakes {

Expected<void> DatagramListener::open(Host& host, const UdpOptions& options, Handler handler) {
  auto socket = host.open_udp(options);
  if (!socket) return std::unexpected(std::move(socket).error());
  state_ = std::make_shared<State>(std::move(*socket), std::move(handler));
  receive_next(state_);
  return {};
}

void DatagramListener::receive_next(const std::shared_ptr<State>& state) {
  // The handler holds the state weakly: a datagram already on its way to a listener that has been
  // closed is dropped, and a world that ends leaves no cycle behind.
  state->socket->start_receive(std::nullopt,
                               [weak = std::weak_ptr(state)](error_code error, Datagram datagram) {
                                 const auto alive = weak.lock();
                                 if (!alive || error) return;
                                 alive->handler(std::move(datagram));
                                 if (alive.use_count() > 1)
                                   receive_next(alive);  // else closed by its own handler
                               });
}

}  // namespace provlab::netfakes
