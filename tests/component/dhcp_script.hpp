#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/net/dhcp_client.hpp"
#include "core/platform/task_group.hpp"
#include "sim/record/trace.hpp"
#include "sim/world/world.hpp"
#include "tests/dhcp_client_fields.hpp"

/// What component tests of the DHCP client share: a device, two servers that do exactly as a test
/// says, and questions to the trace.
namespace provlab::test {

using namespace std::chrono_literals;
using net::DhcpMessage;
using net::DhcpType;

constexpr Ipv4Address kDhcpServer = Ipv4Address::of(192, 0, 2, 1);
constexpr Ipv4Address kOtherDhcpServer = Ipv4Address::of(192, 0, 2, 2);
constexpr Ipv4Address kOffered = Ipv4Address::of(192, 0, 2, 100);
constexpr Endpoint kToEverybody{Ipv4Address::broadcast(), 67};
constexpr Duration kLatency = 1ms;

/// A message as a server saw it.
struct SeenMessage {
  Instant sent_at;
  Endpoint from, to;
  DhcpMessage message;
};

/// A DHCP server that keeps what it got and answers by a function; without one it stays silent.
class ScriptedDhcpServer {
 public:
  using Script = std::function<void(ScriptedDhcpServer&, const SeenMessage&)>;

  ScriptedDhcpServer(Host& host, Ipv4Address address, Script script)
      : script(std::move(script)), host_(host), address_(address) {
    UdpOptions options;
    options.port = net::kDhcpServerPort;
    options.broadcast = true;
    socket_ = host_.open_udp(options).value();
    receive();
  }

  /// A good reply to a message: a lease of `lease_seconds` with router, DNS and NTP server.
  DhcpMessage reply(const DhcpMessage& to, DhcpType type) const {
    DhcpMessage message;
    message.type = type;
    message.reply = true;
    message.xid = to.xid;
    message.chaddr = to.chaddr;
    message.broadcast = to.broadcast;
    message.ciaddr = to.ciaddr;
    message.set_address(net::dhcp_option::kServerIdentifier, address_);
    if (type == DhcpType::nak) return message;
    message.set_address(net::dhcp_option::kSubnetMask, Ipv4Address::of(255, 255, 255, 0));
    message.set_address(net::dhcp_option::kRouter, kDhcpServer);
    message.set_address(net::dhcp_option::kDnsServer, kDhcpServer);
    message.set_address(net::dhcp_option::kNtpServer, kDhcpServer);
    if (to.type == DhcpType::inform) return message;
    message.yiaddr = kOffered;
    message.set_number(net::dhcp_option::kLeaseTime, lease_seconds, 4);
    return message;
  }
  /// To the client's address where it has one, else by broadcast (RFC 2131 4.1).
  void send(const DhcpMessage& message) { send_raw(message.ciaddr, message.serialize()); }
  void send_raw(Ipv4Address to, BytesView payload) {
    (void)socket_->send({to.is_any() ? Ipv4Address::broadcast() : to, net::kDhcpClientPort},
                        payload);
  }
  /// Answers as a server should.
  void behave(const SeenMessage& seen) {
    const bool asks = seen.message.type == DhcpType::discover;
    send(reply(seen.message, asks ? DhcpType::offer : DhcpType::ack));
  }

  std::vector<SeenMessage> of(DhcpType type) const {
    std::vector<SeenMessage> found;
    for (const SeenMessage& each : seen) {
      if (each.message.type == type) found.push_back(each);
    }
    return found;
  }

  Script script;
  std::vector<SeenMessage> seen;
  std::uint32_t lease_seconds = 600;

 private:
  void receive() {
    socket_->start_receive(std::nullopt, [this](error_code error, const Datagram& datagram) {
      if (error) return;
      auto message = DhcpMessage::parse(datagram.payload);
      if (message) {
        test::read_client_fields(datagram.payload, *message);
        seen.push_back({host_.now() - kLatency, datagram.from, datagram.to, std::move(*message)});
        const SeenMessage copy = seen.back();
        if (script) script(*this, copy);
      }
      receive();
    });
  }

  Host& host_;
  Ipv4Address address_;
  std::unique_ptr<UdpSocket> socket_;
};

/// The script of a server that does everything right.
inline void behaving(ScriptedDhcpServer& server, const SeenMessage& seen) {
  server.behave(seen);
}

inline world::HostOptions device_options(const DeviceIdentity& device) {
  world::HostOptions options;
  options.name = "device";
  options.mac = device.mac;
  return options;
}

/// A device without an address, and two servers of which the second is silent.
struct DhcpLan {
  DhcpLan() { world.network().link.latency = kLatency; }
  ~DhcpLan() {
    tasks.cancel();
    world.run_until(world.now());
  }

  world::VirtualHost& add(const std::string& name, Ipv4Address address) {
    world::HostOptions options;
    options.name = name;
    options.configuration = InterfaceConfiguration{{address, 24}, std::nullopt};
    return world.add_host(options);
  }
  void start() { tasks.spawn(client.run()); }
  void run_for(Duration time) { world.run_until(world.now() + time); }
  /// The values of a field in all events of that name.
  std::vector<std::string> values(std::string_view event, std::string_view field) {
    std::vector<std::string> found;
    for (const TraceRecord record : world.trace()) {
      if (record.is(event)) found.push_back(record.field(field).value_or("absent"));
    }
    return found;
  }
  std::vector<Instant> times(std::string_view event) {
    std::vector<Instant> found;
    for (const TraceRecord record : world.trace()) {
      if (record.is(event)) found.push_back(record.at());
    }
    return found;
  }
  unsigned count(std::string_view event) { return static_cast<unsigned>(times(event).size()); }

  world::World world{7};
  DeviceIdentity identity;
  world::VirtualHost& device = world.add_host(device_options(identity));
  world::VirtualHost& server_host = add("server", kDhcpServer);
  ScriptedDhcpServer server{server_host, kDhcpServer, behaving};
  ScriptedDhcpServer other{add("other", kOtherDhcpServer), kOtherDhcpServer, nullptr};
  net::DhcpClient client{device, identity};
  TaskGroup tasks{device};
};

}  // namespace provlab::test
