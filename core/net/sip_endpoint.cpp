#include "core/net/sip_endpoint.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/system/system_error.hpp>
#include <utility>

#include "core/net/sip_port.hpp"
#include "core/platform/async.hpp"

namespace provlab::net {

namespace {

Task<> receive_loop(std::shared_ptr<SipPort> port) {
  while (port->socket) {
    auto [error, datagram] =
        co_await async_receive(port->host, *port->socket, std::nullopt, asio::as_tuple(use_task));
    if (!port->socket) co_return;  // closed meanwhile
    if (error) throw boost::system::system_error(error);
    port->receive(datagram);
  }
}

}  // namespace

SipEndpoint::SipEndpoint(Host& host, DeviceIdentity device, SipOptions options)
    : port_(std::make_shared<SipPort>(host, std::move(device), options)) {}

SipEndpoint::~SipEndpoint() {
  close();
}

Expected<void> SipEndpoint::open() {
  if (port_->socket) return {};
  auto socket = port_->host.open_udp({.port = kSipPort, .groups = {}, .multicast_ttl = 1});
  if (!socket) return std::unexpected(std::move(socket.error()));
  port_->socket = std::move(*socket);
  return {};
}

void SipEndpoint::close() {
  port_->socket.reset();
  port_->transactions.clear();
}

bool SipEndpoint::is_open() const {
  return port_->socket != nullptr;
}

Task<> SipEndpoint::run() {
  return receive_loop(port_);
}

void SipEndpoint::on_unsolicited_notify(SipUnsolicitedHandler handler) {
  port_->unsolicited = std::move(handler);
}

SipTransactions SipEndpoint::hand_over() {
  return std::exchange(port_->transactions, {});
}

void SipEndpoint::take_over(SipTransactions answered) {
  port_->transactions = std::move(answered);
}

}  // namespace provlab::net
