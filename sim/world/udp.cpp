#include "sim/world/udp.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provlab::world {

namespace {

constexpr std::size_t kMostWaiting = 64;
constexpr std::size_t kLargestPayload = 65507;

/// Starts a receive on a socket's state, of either kind. Closing the socket aborts it, and an
/// aborted receive does not look at the state.
template <class Message, class State, class Handler>
OperationId start_receive_on(Loop& loop, const std::shared_ptr<State>& state,
                             std::optional<Instant> deadline, Handler handler) {
  if (loop.closing()) return {};
  auto complete = [state = state.get(), handler = std::move(handler)](error_code error) mutable {
    if (error) return handler(error, Message{});
    handler(error, std::move(state->arriving));
  };
  EventQueue& queue = loop.queue();
  if (!state->waiting.empty()) {
    // Rule 1 of Host: never complete inside start. Until then the message waits in its place.
    auto ready = [state = state.get(),
                  complete = EventQueue::Callback(std::move(complete))](error_code error) mutable {
      if (!error) {
        state->arriving = std::move(state->waiting.front());
        state->waiting.erase(state->waiting.begin());  // few ever wait
      }
      complete(error);
    };
    state->ready = queue.schedule(loop.now(), Rank::delivery, std::move(ready));
    return state->ready;
  }
  state->receiver =
      deadline ? queue.schedule(*deadline, Rank::timer, std::move(complete), asio::error::timed_out)
               : queue.park(std::move(complete));
  return state->receiver;
}

/// Gives an arrived message to the pending receive, or keeps it.
template <class State, class Message>
void hand_over(EventQueue& queue, const std::shared_ptr<State>& state, Message message) {
  if (EventQueue::Callback callback = queue.take(state->receiver)) {
    const std::shared_ptr<State> alive = state;
    alive->arriving = std::move(message);
    callback(error_code());
  } else if (state->waiting.size() < kMostWaiting) {
    state->waiting.push_back(std::move(message));
  }
}

}  // namespace

class VirtualUdpSocket final : public UdpSocket {
 public:
  VirtualUdpSocket(UdpLayer& layer, Port port, std::shared_ptr<UdpLayer::SocketState> state)
      : layer_(layer), loop_(layer.loop_), port_(port), state_(std::move(state)) {}
  ~VirtualUdpSocket() override {
    if (loop_.closing()) return;
    loop_.abort(state_->receiver, asio::error::operation_aborted);
    loop_.abort(state_->ready, asio::error::operation_aborted);
    const auto found = layer_.sockets_.find(port_);
    if (found != layer_.sockets_.end() && found->second == state_) {
      layer_.sockets_.erase(found);
      layer_.closed(*state_);
    }
  }

  Endpoint local() const override {
    const auto& configuration = layer_.station_.configuration();
    return {configuration ? configuration->address.address : Ipv4Address::any(), port_};
  }

  Expected<void> send(Endpoint to, BytesView payload) override {
    return send_as(local(), to, payload);
  }

  Expected<void> send_as(Endpoint from, Endpoint to, BytesView payload) override {
    if (loop_.closing()) return {};
    if (payload.size() > kLargestPayload) {
      return fail(fmt::format("a datagram of {} octets is larger than the 65507 that UDP carries",
                              payload.size()));
    }
    const auto& configuration = layer_.station_.configuration();
    if (!configuration) return fail("the network is unreachable: the interface has no address");
    const bool broadcast =
        to.address.is_broadcast() || to.address == configuration->address.directed_broadcast();
    if (broadcast && !state_->options.broadcast) {
      return fail("permission denied: the socket was not opened for broadcast");
    }
    if (const auto why = layer_.station_.trouble({HostOperation::send, {}, to})) {
      return fail(std::string(reason_of(*why)));
    }
    Packet packet;
    packet.protocol = Protocol::udp;
    packet.from = from;
    packet.to = to;
    packet.ttl =
        to.address.is_multicast() ? static_cast<std::uint8_t>(state_->options.multicast_ttl) : 64;
    packet.payload.assign(payload.begin(), payload.end());
    return layer_.network_.send(layer_.station_, std::move(packet));
  }

  OperationId start_receive(std::optional<Instant> deadline, ReceiveHandler handler) override {
    return start_receive_on<Datagram>(loop_, state_, deadline, std::move(handler));
  }

 private:
  UdpLayer& layer_;
  Loop& loop_;
  Port port_;
  std::shared_ptr<UdpLayer::SocketState> state_;
};

class VirtualLinkSocket final : public LinkSocket {
 public:
  VirtualLinkSocket(UdpLayer& layer, Port port, std::shared_ptr<UdpLayer::LinkState> state)
      : layer_(layer), loop_(layer.loop_), port_(port), state_(std::move(state)) {}
  ~VirtualLinkSocket() override {
    if (loop_.closing()) return;
    loop_.abort(state_->receiver, asio::error::operation_aborted);
    loop_.abort(state_->ready, asio::error::operation_aborted);
    const auto found = layer_.link_sockets_.find(port_);
    if (found != layer_.link_sockets_.end() && found->second == state_) {
      layer_.link_sockets_.erase(found);
      layer_.network_.unlisten(layer_.station_, port_);
    }
  }

  Expected<void> send(const LinkDatagram& datagram) override {
    if (loop_.closing()) return {};
    if (datagram.payload.size() > kLargestPayload) return fail("the datagram is too large for UDP");
    if (const auto why = layer_.station_.trouble({HostOperation::send, {}, datagram.to})) {
      return fail(std::string(reason_of(*why)));
    }
    Packet packet;
    packet.protocol = Protocol::udp;
    packet.source = layer_.station_.mac();
    packet.destination = datagram.destination;
    packet.from = datagram.from;
    packet.to = datagram.to;
    packet.payload = datagram.payload;
    layer_.network_.send_frame(layer_.station_, std::move(packet));
    return {};
  }

  OperationId start_receive(std::optional<Instant> deadline, LinkReceiveHandler handler) override {
    return start_receive_on<LinkDatagram>(loop_, state_, deadline, std::move(handler));
  }

 private:
  UdpLayer& layer_;
  Loop& loop_;
  Port port_;
  std::shared_ptr<UdpLayer::LinkState> state_;
};

Expected<std::unique_ptr<UdpSocket>> UdpLayer::open(const UdpOptions& options) {
  const Port port = options.port != 0 ? options.port : station_.ephemeral_port();
  if (sockets_.contains(port)) return fail(fmt::format("UDP port {} is already in use", port));
  if (const auto why = station_.trouble({HostOperation::bind, {}, {Ipv4Address::any(), port}})) {
    return fail(fmt::format("UDP port {} cannot be opened: {}", port, reason_of(*why)));
  }
  for (const Ipv4Address group : options.groups) {
    if (!group.is_multicast()) return fail(group.to_string() + " is no multicast group");
  }
  auto state = std::make_shared<SocketState>();
  state->options = options;
  state->options.port = port;
  sockets_.emplace(port, state);
  network_.listen(station_, port);
  for (const Ipv4Address group : options.groups) network_.group_changed(station_, group);
  return std::make_unique<VirtualUdpSocket>(*this, port, std::move(state));
}

Expected<std::unique_ptr<LinkSocket>> UdpLayer::open_link(LinkFilter filter) {
  const Port port = filter.port;
  if (link_sockets_.contains(port)) {
    return fail(fmt::format("a link socket for UDP port {} is already open", port));
  }
  if (const auto why = station_.trouble({HostOperation::bind, {}, {Ipv4Address::any(), port}})) {
    return fail(
        fmt::format("a link socket for UDP port {} cannot be opened: {}", port, reason_of(*why)));
  }
  auto state = std::make_shared<LinkState>();
  state->filter = std::move(filter);
  link_sockets_.emplace(port, state);
  network_.listen(station_, port);
  return std::make_unique<VirtualLinkSocket>(*this, port, std::move(state));
}

void UdpLayer::closed(const SocketState& socket) {
  network_.unlisten(station_, socket.options.port);
  for (const Ipv4Address group : socket.options.groups) network_.group_changed(station_, group);
}

bool UdpLayer::wants(const Packet& packet, bool heard) const {
  if (packet.protocol != Protocol::udp) return false;
  if (heard && station_.configuration() && sockets_.contains(packet.to.port)) return true;
  const auto link = link_sockets_.find(packet.to.port);
  return link != link_sockets_.end() && link->second->filter.passes(packet.payload);
}

std::vector<Ipv4Address> UdpLayer::groups() const {
  std::set<Ipv4Address> joined;
  for (const auto& [port, socket] : sockets_) {
    joined.insert(socket->options.groups.begin(), socket->options.groups.end());
  }
  return {joined.begin(), joined.end()};
}

bool UdpLayer::in_group(Ipv4Address group) const {
  return std::ranges::any_of(sockets_, [&](const auto& entry) {
    const auto& groups = entry.second->options.groups;
    return std::ranges::find(groups, group) != groups.end();
  });
}

bool UdpLayer::receive(Packet& packet) {
  EventQueue& queue = loop_.queue();
  bool taken = false;
  const auto socket = sockets_.find(packet.to.port);
  const bool for_ip = station_.has_address(packet.to.address) ||
                      (station_.configuration() && station_.hears(packet.to.address));
  const bool to_socket = socket != sockets_.end() && for_ip;
  const auto link = link_sockets_.find(packet.to.port);
  if (link != link_sockets_.end()) taken = true;  // also what its filter drops unseen
  // A copy is made only where both a link socket and an ordinary one listen.
  if (taken && link->second->filter.passes(packet.payload)) {
    LinkDatagram frame{packet.source, packet.destination, packet.from, packet.to, {}};
    frame.payload = to_socket ? packet.payload : std::move(packet.payload);
    hand_over(queue, link->second, std::move(frame));
  }
  if (to_socket) {
    taken = true;
    hand_over(queue, socket->second, Datagram{packet.from, packet.to, std::move(packet.payload)});
  }
  return taken;
}

void UdpLayer::close_all() {
  sockets_.clear();
  link_sockets_.clear();
}

}  // namespace provlab::world
