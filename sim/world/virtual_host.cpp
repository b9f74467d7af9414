#include "sim/world/virtual_host.hpp"

#include "sim/world/events.hpp"
#include "sim/world/tcp_layer.hpp"
#include "sim/world/transfer_sockets.hpp"

namespace provlab::world {

namespace {
constexpr std::string_view kForAnother = "it is for another host, and this one is no router";
constexpr Port kFirstPort = 49152;  // RFC 6335 6: those that nobody has registered
constexpr std::uint64_t kPorts = 65536 - kFirstPort;
}  // namespace

VirtualHost::VirtualHost(Network& network, const HostOptions& options, std::size_t index,
                         std::uint64_t seed)
    : Station(options, index, network.loop().trace().add_host(options.name)),
      network_(network),
      loop_(network.loop()),
      random_(seed * 0x9e3779b97f4a7c15ULL + index),
      udp_(*this, network),
      tcp_(std::make_unique<TcpLayer>(*this, network, seed * 0xd1b54a32d192ed03ULL + index)),
      starts_(seed * 0xeb44accab455d165ULL + index),
      next_port_(first_port()) {
  disk_.fail_by([this](HostOperation operation, std::string_view file) {
    return trouble({.operation = operation, .file = file});
  });
}

VirtualHost::~VirtualHost() = default;

Port VirtualHost::first_port() {
  return static_cast<Port>(kFirstPort + starts_.below(kPorts));
}

OperationId VirtualHost::start_timer(Instant deadline, WaitHandler handler) {
  if (loop_.closing()) return {};
  if (deadline == Instant::max()) return loop_.queue().park(std::move(handler));
  return loop_.queue().schedule(deadline, Rank::timer, std::move(handler));
}

void VirtualHost::cancel(OperationId operation) noexcept {
  loop_.abort(operation, asio::error::operation_aborted);
}

void VirtualHost::configure(const InterfaceConfiguration& configuration) {
  if (configuration_ == configuration) return;
  configuration_ = configuration;
  network_.readdressed(*this);
  if (powered_) record(AddressConfigured{configuration});
}

void VirtualHost::deconfigure() {
  if (!configuration_) return;
  const Ipv4Address address = configuration_->address.address;
  configuration_.reset();
  network_.readdressed(*this);
  if (powered_) record(AddressRemoved{address});
}

OperationId VirtualHost::start_link_wait(std::optional<Instant> deadline, WaitHandler handler) {
  if (loop_.closing()) return {};
  EventQueue& queue = loop_.queue();
  std::erase_if(link_waits_, [&](OperationId wait) { return !queue.pending(wait); });
  const bool timed = deadline && *deadline != Instant::max();
  link_waits_.push_back(
      timed ? queue.schedule(*deadline, Rank::timer, std::move(handler), asio::error::timed_out)
            : queue.park(std::move(handler)));
  return link_waits_.back();
}

OperationId VirtualHost::start_address_probe(Ipv4Address address, Instant deadline,
                                             ProbeHandler handler) {
  if (loop_.closing()) return {};
  const auto holder = network_.probe(*this, address);
  const bool heard = holder && loop_.now() + holder->after <= deadline;
  const auto mac = std::make_shared<MacAddress>(heard ? holder->mac : MacAddress());
  auto complete = [this, address, mac, handler = std::move(handler)](error_code error) mutable {
    if (!error) network_.show_holder(*this, address, *mac);
    handler(error, error ? MacAddress() : *mac);
  };
  EventQueue& queue = loop_.queue();
  if (heard)
    return queue.schedule(loop_.now() + holder->after, Rank::delivery, std::move(complete));
  const OperationId listening =
      queue.schedule(deadline, Rank::timer, std::move(complete), asio::error::timed_out);
  network_.probe_outside(*this, address, [this, listening, mac](MacAddress holds_it) {
    *mac = holds_it;
    if (EventQueue::Callback callback = loop_.queue().take(listening)) callback({});
  });
  return listening;
}

Expected<std::unique_ptr<UdpSocket>> VirtualHost::open_udp(const UdpOptions& options) {
  return udp_.open(options);
}

Expected<std::unique_ptr<LinkSocket>> VirtualHost::open_link(LinkFilter filter) {
  return udp_.open_link(std::move(filter));
}

Expected<std::unique_ptr<StreamAcceptor>> VirtualHost::listen(const ListenOptions& options) {
  return tcp_->listen(options);
}

OperationId VirtualHost::start_connect(Endpoint remote, Instant deadline, ConnectHandler handler) {
  return tcp_->start_connect(remote, deadline, std::move(handler));
}

TransferSockets& VirtualHost::transfer_sockets() {
  if (!transfer_sockets_) transfer_sockets_ = std::make_unique<VirtualTransferSockets>(*tcp_);
  return *transfer_sockets_;
}

void VirtualHost::set_power(bool on) {
  if (powered_ == on) return;
  record(PowerChanged{on});
  powered_ = on;
  if (on) {
    next_port_ = first_port();
    return tcp_->start();
  }
  tcp_->vanish();
  disk_.power_cut();
}

void VirtualHost::set_link(bool up) {
  if (link_up_ == up) return;
  record(LinkChanged{up});
  link_up_ = up;
  for (const OperationId wait : std::exchange(link_waits_, {})) loop_.abort(wait, {});
}

std::size_t VirtualHost::open_sockets() const {
  return udp_.open_sockets() + tcp_->open_sockets();
}

bool VirtualHost::hears(Ipv4Address group) const {
  if (group.is_broadcast()) return true;
  if (group.is_multicast()) return udp_.in_group(group);
  return configuration_ && configuration_->address.directed_broadcast() == group;
}

bool VirtualHost::listens(const Packet& packet) const {
  return powered_ && udp_.wants(packet, hears(packet.to.address));
}

std::string_view VirtualHost::receive(Packet& packet) {
  if (packet.protocol == Protocol::udp) {
    if (udp_.receive(packet)) return {};
    const bool ours = has_address(packet.to.address) || hears(packet.to.address);
    return ours ? "no socket is open on this port" : kForAnother;
  }
  if (!has_address(packet.to.address) && !packet.destination.is_group()) return kForAnother;
  return tcp_->receive(packet);
}

Port VirtualHost::ephemeral_port() {
  for (;;) {
    const Port port = next_port_;
    next_port_ = next_port_ == 65535 ? kFirstPort : static_cast<Port>(next_port_ + 1);
    if (!udp_.port_in_use(port)) return port;
  }
}

void VirtualHost::close_all() {
  udp_.close_all();
  tcp_->close_all();
}

}  // namespace provlab::world
