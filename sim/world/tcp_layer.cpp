#include "sim/world/tcp_layer.hpp"

#include <algorithm>
#include <tuple>

#include "sim/world/routing.hpp"
#include "sim/world/tcp_sequence.hpp"

namespace provlab::world {

namespace {

using namespace std::chrono_literals;

constexpr Duration kTimeWait = 60s;  // as Linux; twice the MSL of RFC 9293 3.4.2 is four minutes
constexpr Duration kSequenceTick = 4us;  // RFC 9293 3.4.1

std::uint64_t word(Endpoint endpoint) {
  return std::uint64_t{endpoint.address.value} << 16 | endpoint.port;
}

/// A segment of no connection, to where another came from.
Packet answer_to(const Packet& packet) {
  Packet answer;
  answer.protocol = Protocol::tcp;
  answer.from = packet.to;
  answer.to = packet.from;
  return answer;
}

}  // namespace

std::uint64_t TcpLayer::mixed(Endpoint local, Endpoint remote) const {
  SeededRandom first(secret_ ^ word(local));
  SeededRandom second(first.next() ^ word(remote));
  return second.next();
}

std::shared_ptr<TcpConnection> TcpLayer::add(Endpoint local, Endpoint remote) {
  const std::uint64_t mix = mixed(local, remote);
  const auto ticks = static_cast<std::uint32_t>(loop().now().time_since_epoch() / kSequenceTick);
  auto connection =
      std::make_shared<TcpConnection>(*this, local, remote, static_cast<std::uint32_t>(mix) + ticks,
                                      static_cast<std::uint32_t>(mix >> 32));
  connections_.insert_or_assign(Key{local.port, remote}, connection);
  if (network_.plugged_in() && !loop().queue().pending(next_look_)) look_later();
  return connection;
}

void TcpLayer::look_later() {
  next_look_ = loop().queue().schedule(loop().now() + TcpConnection::kKeepAliveGap, Rank::timer,
                                       [this](error_code) { look_for_peers(); });
}

void TcpLayer::look_for_peers() {
  // Those that end are forgotten meanwhile.
  std::vector<std::shared_ptr<TcpConnection>> all;
  for (const auto& [key, connection] : connections_) all.push_back(connection);
  for (const auto& connection : all) connection->look_for_peer();
  if (!connections_.empty()) look_later();
}

std::shared_ptr<TcpConnection> TcpLayer::open(Endpoint remote) {
  constexpr unsigned kMostPorts = 16384;
  Port port = station_.ephemeral_port();
  for (unsigned tries = 1; tries < kMostPorts; ++tries) {
    const Key key{port, remote};
    if (!connections_.contains(key) && !waits(key)) break;
    port = station_.ephemeral_port();
  }
  return open(port, remote);
}

std::shared_ptr<TcpConnection> TcpLayer::open(Port port, Endpoint remote) {
  const auto& configuration = station_.configuration();
  const Ipv4Address address = configuration ? configuration->address.address : Ipv4Address::any();
  return add({address, port}, remote);
}

void TcpLayer::send(Packet&& packet) {
  // Whoever waits for an answer finds out by its timers.
  std::ignore = network_.send(station_, std::move(packet));
}

error_code TcpLayer::obstacle(Ipv4Address remote) const {
  if (is_loopback(remote)) return asio::error::connection_refused;  // nobody listens there
  const auto route = route_of(station_, remote);
  if (!route || route->group) return asio::error::network_unreachable;
  return {};
}

std::string_view TcpLayer::receive(Packet& packet) {
  const bool between_hosts = station_.has_address(packet.to.address) &&
                             packet.from.address.is_unicast() && !packet.destination.is_group();
  if (!between_hosts) return "TCP is between two hosts, never with a group";
  const auto found = connections_.find(Key{packet.to.port, packet.from});
  if (found != connections_.end()) {
    const std::shared_ptr<TcpConnection> connection = found->second;
    connection->receive(packet);
    return {};
  }
  if (!time_waits_.empty() && still_waits({packet.to.port, packet.from}, packet)) return {};
  const auto listener = listeners_.find(packet.to.port);
  const bool asks = packet.flags.syn && !packet.flags.ack && !packet.flags.rst;
  if (listener == listeners_.end() || !asks) {
    refuse(packet);
  } else {
    arrive(*listener->second, packet);
  }
  return {};
}

void TcpLayer::arrive(TcpListener& listener, const Packet& packet) {
  if (listener.options.silent) return;
  if (listener.waiting.size() >= kBacklog || listener.half_open >= kBacklog) return;
  ++listener.half_open;
  add(packet.to, packet.from)->accept_syn(packet, listener.options.syn_ack_delay);
}

bool TcpLayer::waits(const Key& key) const {
  const auto found = time_waits_.find(key);
  return found != time_waits_.end() && found->second.until > network_.loop().now();
}

bool TcpLayer::still_waits(const Key& key, const Packet& packet) {
  if (!waits(key)) return false;
  if (packet.flags.rst) return true;  // RFC 1337: it kills nobody
  TimeWait& wait = time_waits_.at(key);
  const auto& stamps = packet.options.timestamps;
  if (packet.flags.syn && !packet.flags.ack) {
    const bool newer = wait.recent && stamps ? before(*wait.recent, stamps->value)
                                             : before(wait.expected, packet.sequence);
    if (newer) {
      wait.until = loop().now();
      return false;
    }
  }
  if (packet.bare_ack() && packet.sequence == wait.expected) return true;
  if (packet.flags.fin) wait.until = loop().now() + kTimeWait;
  Packet answer = answer_to(packet);
  answer.flags.ack = true;
  answer.sequence = wait.next;
  answer.acknowledgement = wait.expected;
  if (wait.recent) {
    answer.options.timestamps = {wait.clock + timestamp_ticks(loop().now()), *wait.recent};
  }
  send(std::move(answer));
  return true;
}

void TcpLayer::wait_out(const TcpConnection& connection, TimeWait wait) {
  const Instant now = loop().now();
  if (time_waits_.size() >= sweep_at_) {
    std::erase_if(time_waits_, [now](const auto& each) { return each.second.until <= now; });
    sweep_at_ = std::max(kLeastSweep, 2 * time_waits_.size());
  }
  wait.until = now + kTimeWait;
  time_waits_.insert_or_assign(Key{connection.local().port, connection.remote()}, wait);
}

void TcpLayer::refuse(const Packet& packet) {
  if (packet.flags.rst) return;
  Packet answer = answer_to(packet);
  answer.flags.rst = true;
  // RFC 9293 3.5.2: take the number the peer expects, or acknowledge what it sent.
  if (packet.flags.ack) {
    answer.sequence = packet.acknowledgement;
  } else {
    answer.flags.ack = true;
    answer.acknowledgement = packet.sequence + static_cast<std::uint32_t>(packet.payload.size()) +
                             (packet.flags.syn ? 1 : 0) + (packet.flags.fin ? 1 : 0);
  }
  send(std::move(answer));
}

void TcpLayer::forget(const TcpConnection& connection, bool half_open) {
  connections_.erase(Key{connection.local().port, connection.remote()});
  if (!half_open) return;
  const auto listener = listeners_.find(connection.local().port);
  if (listener != listeners_.end() && listener->second->half_open > 0) {
    --listener->second->half_open;
  }
}

void TcpLayer::offer(const std::shared_ptr<TcpConnection>& connection) {
  const auto found = listeners_.find(connection->local().port);
  if (found == listeners_.end()) return connection->reset();
  const std::shared_ptr<TcpListener> listener = found->second;
  if (listener->half_open > 0) --listener->half_open;
  if (EventQueue::Callback callback = loop().queue().take(listener->acceptor)) {
    listener->arriving = connection;
    callback({});
  } else {
    listener->waiting.push_back(connection);
  }
}

void TcpLayer::close_listener(Port port, const TcpListener* listener) {
  const auto found = listeners_.find(port);
  if (found == listeners_.end() || found->second.get() != listener) return;
  const std::shared_ptr<TcpListener> closing = found->second;
  listeners_.erase(found);
  for (const auto& connection : closing->waiting) connection->reset();
}

void TcpLayer::vanish() {
  while (!connections_.empty()) {
    const std::shared_ptr<TcpConnection> connection = connections_.begin()->second;
    connection->vanish();
  }
  time_waits_.clear();
}

void TcpLayer::close_all() {
  connections_.clear();
  listeners_.clear();
}

}  // namespace provlab::world
