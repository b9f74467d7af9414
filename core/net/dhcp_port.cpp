#include "core/net/dhcp_port.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/net/dhcp_events.hpp"
#include "core/net/dhcp_lease.hpp"

namespace provlab::net {

namespace {

std::unexpected<Error> foreign_transaction(Host& host, const DhcpReply& reply) {
  return ignore_dhcp(
      host, fmt::format("the transaction id {} is not ours", XidText(reply.message.xid).view()),
      reply.message.type, reply.from);
}

}  // namespace

std::unexpected<Error> ignore_dhcp(Host& host, std::string reason, std::optional<DhcpType> message,
                                   Endpoint from) {
  host.record(DhcpIgnored{reason, message, from});
  return fail(std::move(reason));
}

void record_left_out(Host& host, const std::vector<OptionLeftOut>& left_out,
                     std::optional<DhcpType> message, Endpoint from) {
  for (const OptionLeftOut& option : left_out) {
    host.record(OptionIgnored{option.code, option.reason, message, from});
  }
}

Expected<DhcpReply> read_dhcp_reply(Host& host, MacAddress own, Endpoint from, BytesView payload) {
  DhcpReply reply{.message = {}, .server = {}, .from = from, .left_out = {}};
  Expected<DhcpMessage> message = DhcpMessage::parse(payload, reply.left_out);
  if (!message) {
    record_left_out(host, reply.left_out, std::nullopt, from);
    return ignore_dhcp(host, "malformed: " + message.error().to_string(), std::nullopt, from);
  }
  if (!message->reply) {
    return ignore_dhcp(host, "it is a client's message, not a server's", message->type, from);
  }
  if (message->chaddr != own) {
    return ignore_dhcp(host,
                       fmt::format("it is for the client {} (chaddr)", message->chaddr.to_string()),
                       message->type, from);
  }
  reply.message = std::move(*message);
  return reply;
}

Expected<void> admit_dhcp_reply(Host& host, std::uint32_t xid, DhcpReply& reply) {
  const DhcpMessage& message = reply.message;
  if (message.xid != xid) return foreign_transaction(host, reply);
  host.record(DhcpReceived{message.type, message.xid,
                           message.address(dhcp_option::kServerIdentifier), message.yiaddr});
  record_left_out(host, reply.left_out, message.type, reply.from);
  const Expected<Ipv4Address> server = server_of(message);
  if (!server) return ignore_dhcp(host, server.error().text, message.type, reply.from);
  reply.server = *server;
  return {};
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
    if (std::exchange(interrupted_, false)) co_return std::nullopt;
    const bool notified = co_await arrived_.wait_until(deadline);
    if (!notified) co_return std::nullopt;
  }
  DhcpReply reply = std::move(replies_.front());
  replies_.pop_front();
  co_return reply;
}

void DhcpPort::Exchange::interrupt() {
  interrupted_ = true;
  arrived_.notify_all();
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
  Expected<DhcpReply> reply = read_dhcp_reply(host, own, datagram.from, datagram.payload);
  if (!reply) return;
  const auto found = std::ranges::find(exchanges, reply->message.xid, &Exchange::xid_);
  if (found == exchanges.end()) {
    (void)foreign_transaction(host, *reply);
    return;
  }
  if (!admit_dhcp_reply(host, (*found)->xid_, *reply)) return;
  (*found)->replies_.push_back(std::move(*reply));
  (*found)->arrived_.notify_all();
}

}  // namespace provlab::net
