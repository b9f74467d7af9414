#pragma once
#include <fmt/format.h>

#include "tests/unit/world/lan.hpp"
#include "tests/unit/world/tcp_client.hpp"

namespace provlab::world {

/// A machine beside the phone whose segments a test writes. Numbers are told from the first of each
/// side: its SYN has 0, its first octet 1. It keeps each segment that it gets, and a line for it:
/// `PSH,ACK 1 acks 1 +5`.
class ScriptedPeer final : public Station {
 public:
  static constexpr Endpoint kWeb{Ipv4Address::of(192, 0, 2, 50), 80};
  static constexpr std::uint32_t kFirst = 0xfffffff0U;  // numbers wrap soon

  explicit ScriptedPeer(World& world)
      : Station({.name = "peer", .configuration = interface_at("192.0.2.50")}, 3,
                world.trace().add_host("peer")),
        network_(world.network()) {
    network_.attach(*this);
  }

  bool hears(Ipv4Address) const override { return false; }
  bool listens(const Packet&) const override { return false; }
  std::vector<Ipv4Address> groups() const override { return {}; }
  Port ephemeral_port() override { return kWeb.port; }
  std::string_view receive(Packet& packet) override {
    phone = packet.from;
    if (packet.flags.syn) phone_first = packet.sequence;
    lines.push_back(line_of(packet));
    packets.push_back(packet);
    return {};
  }

  /// Sends at once; `packet` has relative numbers.
  void send(Packet packet) {
    packet.protocol = Protocol::tcp;
    packet.from = kWeb;
    packet.to = phone;
    packet.sequence += kFirst;
    if (packet.flags.ack) packet.acknowledgement += phone_first;
    ASSERT_TRUE(network_.send(*this, std::move(packet)));
  }
  void forget() {
    lines.clear();
    packets.clear();
  }

  Endpoint phone{Ipv4Address::of(192, 0, 2, 100), 0};
  std::uint32_t phone_first = 0;
  std::vector<std::string> lines;
  std::vector<Packet> packets;

 private:
  std::string line_of(const Packet& packet) const {
    std::string line = fmt::format("{} {}", packet.flags_text(), packet.sequence - phone_first);
    if (packet.flags.ack) line += fmt::format(" acks {}", packet.acknowledgement - kFirst);
    if (!packet.payload.empty()) line += fmt::format(" +{}", packet.payload.size());
    return line;
  }
  Network& network_;
};

struct TcpScript : Lan {
  TcpScript() { world.network().link.latency = 1ms; }

  static Packet segment(std::uint32_t sequence, std::uint32_t acknowledgement,
                        std::string_view payload = {}) {
    Packet packet;
    packet.flags.ack = true;
    packet.sequence = sequence;
    packet.acknowledgement = acknowledgement;
    packet.window = 60'000;
    packet.payload.assign(payload.begin(), payload.end());
    return packet;
  }
  static Packet with(Packet packet, TcpFlags flags) {
    packet.flags = flags;
    return packet;
  }
  static Packet syn(TcpOptions options = {}) {
    Packet packet;
    packet.flags.syn = true;
    packet.window = 60'000;
    packet.options = std::move(options);
    return packet;
  }
  static Packet syn_ack(TcpOptions options = {}) {
    Packet packet = syn(std::move(options));
    packet.flags.ack = true;
    packet.acknowledgement = 1;
    return packet;
  }
  static Packet reset(std::uint32_t sequence) { return with(segment(sequence, 1), {.rst = true}); }

  /// The phone has asked; its SYN has arrived.
  TcpClient& connect() {
    client.emplace(phone, ScriptedPeer::kWeb);
    run(1ms);
    EXPECT_EQ(peer.packets.size(), 1U);
    return *client;
  }
  /// A connection that the phone opened, with what the peer's SYN-ACK says.
  TcpClient& connected(TcpOptions options = {.largest_segment = 1460}) {
    connect();
    peer.send(syn_ack(std::move(options)));
    run(2ms);
    EXPECT_EQ(client->state(), TcpConnection::State::established);
    peer.forget();
    return *client;
  }
  /// Sends and lets it arrive, with the answer.
  void say(Packet packet) {
    peer.send(std::move(packet));
    run(2ms);
  }
  void run(Duration time) { world.run_until(world.now() + time); }

  ScriptedPeer peer{world};
  std::optional<TcpClient> client;
};

}  // namespace provlab::world
