#include "core/net/dhcp_port.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/net/dhcp_events.hpp"

namespace provlab::net {

std::optional<DhcpReply> read_dhcp_reply(Host& host, MacAddress own, Endpoint from,
                                         BytesView payload) {
  Expected<DhcpMessage> message = DhcpMessage::parse(payload);
  if (!message) {
    host.record(DhcpIgnored{"malformed: " + message.error().to_string(), {}, from});
    return std::nullopt;
  }
  if (!message->reply) {
    host.record(DhcpIgnored{"it is a client's message, not a server's", message->type, from});
    return std::nullopt;
  }
  if (message->chaddr != own) {
    host.record(
        DhcpIgnored{fmt::format("it is for the client {} (chaddr)", message->chaddr.to_string()),
                    message->type, from});
    return std::nullopt;
  }
  return DhcpReply{std::move(*message), from};
}

DhcpPort::Exchange::Exchange(std::shared_ptr<State> port, std::uint32_t xid)
    : port_(std::move(port)), xid_(xid), arrived_(port_->host) {
  port_->exchanges.push_back(this);
}

DhcpPort::Exchange::~Exchange() {
  std::erase(port_->exchanges, this);
  if (port_->exchanges.empty()) port_->close();
}

Expected<void> DhcpPort::Exchange::send(Endpoint to, const DhcpMessage& message) {
  return port_->socket->send(to, message.serialize());
}

Task<std::optional<DhcpReply>> DhcpPort::Exchange::next(Instant deadline) {
  while (replies_.empty()) {
    const bool notified = co_await arrived_.wait_until(deadline);
    if (!notified) co_return std::nullopt;
  }
  DhcpReply reply = std::move(replies_.front());
  replies_.pop_front();
  co_return reply;
}

DhcpPort::DhcpPort(Host& host, MacAddress own) : state_(new State{.host = host, .own = own}) {}

Expected<std::unique_ptr<DhcpPort::Exchange>> DhcpPort::start() {
  Host& host = state_->host;
  if (!state_->socket) {
    UdpOptions options;
    options.port = kDhcpClientPort;
    options.broadcast = true;
    auto socket = host.open_udp(options);
    if (!socket) return std::unexpected(socket.error());
    state_->socket = std::move(*socket);
    state_->receive();
  }
  return std::make_unique<Exchange>(state_, static_cast<std::uint32_t>(host.random().next()));
}

void DhcpPort::State::receive() {
  socket->start_receive(std::nullopt,
                        arrival.tie([this](error_code error, const Datagram& datagram) {
                          if (error) return;
                          deliver(datagram);
                          receive();
                        }));
}

void DhcpPort::State::close() {
  arrival.cut();
  socket.reset();
}

void DhcpPort::State::deliver(const Datagram& datagram) {
  std::optional<DhcpReply> reply = read_dhcp_reply(host, own, datagram.from, datagram.payload);
  if (!reply) return;
  const DhcpMessage& message = reply->message;
  const auto found = std::ranges::find(exchanges, message.xid, &Exchange::xid_);
  if (found == exchanges.end()) {
    host.record(
        DhcpIgnored{fmt::format("the transaction id {} is not ours", XidText(message.xid).view()),
                    message.type, datagram.from});
    return;
  }
  host.record(DhcpReceived{message.type, message.xid,
                           message.address(dhcp_option::kServerIdentifier), message.yiaddr});
  (*found)->replies_.push_back(std::move(*reply));
  (*found)->arrived_.notify_all();
}

}  // namespace provlab::net
