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

DhcpPort::Exchange::Exchange(DhcpPort& port, std::uint32_t xid)
    : port_(port), xid_(xid), arrived_(port.host_) {
  port_.exchanges_.push_back(this);
}

DhcpPort::Exchange::~Exchange() {
  std::erase(port_.exchanges_, this);
  if (port_.exchanges_.empty()) port_.socket_.reset();
}

Expected<void> DhcpPort::Exchange::send(Endpoint to, const DhcpMessage& message) {
  return port_.socket_->send(to, message.serialize());
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

Expected<std::unique_ptr<DhcpPort::Exchange>> DhcpPort::start() {
  if (!socket_) {
    UdpOptions options;
    options.port = kDhcpClientPort;
    options.broadcast = true;
    auto socket = host_.open_udp(options);
    if (!socket) return std::unexpected(socket.error());
    socket_ = std::move(*socket);
    receive();
  }
  return std::make_unique<Exchange>(*this, static_cast<std::uint32_t>(host_.random().next()));
}

void DhcpPort::receive() {
  // A datagram may be on its way to the handler while the socket is closed; then `this` may be
  // gone.
  std::weak_ptr<UdpSocket> socket = socket_;
  socket_->start_receive(std::nullopt, [this, socket](error_code error, const Datagram& datagram) {
    if (error || socket.expired()) return;
    deliver(datagram);
    receive();
  });
}

void DhcpPort::deliver(const Datagram& datagram) {
  std::optional<DhcpReply> reply = read_dhcp_reply(host_, own_, datagram.from, datagram.payload);
  if (!reply) return;
  const auto found = std::ranges::find(exchanges_, reply->message.xid,
                                       [](const Exchange* exchange) { return exchange->xid_; });
  if (found == exchanges_.end()) {
    host_.record(DhcpIgnored{
        fmt::format("the transaction id {} is not ours", XidText(reply->message.xid).view()),
        reply->message.type, datagram.from});
    return;
  }
  const DhcpMessage& message = reply->message;
  host_.record(DhcpReceived{message.type, message.xid,
                            message.address(dhcp_option::kServerIdentifier), message.yiaddr});
  (*found)->replies_.push_back(std::move(*reply));
  (*found)->arrived_.notify_all();
}

}  // namespace provlab::net
