#include "sim/lab/serving/bench_link.hpp"

#include <algorithm>
#include <utility>

#include "sim/world/frame_reader.hpp"
#include "sim/world/pcapng.hpp"

namespace provlab::lab {

namespace {

constexpr std::size_t kMostHeld = 4096;
constexpr std::size_t kMostOtherServers = 64;
constexpr std::size_t kLargestCapture = std::size_t{256} << 20;

struct DhcpOnWire {
  MacAddress from;
  net::DhcpMessage message;
  Ipv4Address next_server;  ///< siaddr
};

Ipv4Address address_in(BytesView octets, std::size_t at) {
  return Ipv4Address::of(octets[at], octets[at + 1], octets[at + 2], octets[at + 3]);
}

/// Nothing where the frame is not DHCP, which is told by its first octets in all but a few.
std::optional<DhcpOnWire> dhcp_of(BytesView octets) {
  constexpr std::size_t kProtocol = 23;
  if (octets.size() < 14 + 20 + 8 + 240) return std::nullopt;
  const bool tagged = octets[12] == 0x81;
  if (!tagged && octets[kProtocol] != static_cast<std::uint8_t>(world::IpProtocol::udp)) {
    return std::nullopt;
  }
  const auto frame = world::read_frame(octets);
  if (!frame) return std::nullopt;
  const auto* const datagram = std::get_if<world::IpDatagram>(&frame->content);
  if (datagram == nullptr || !datagram->whole()) return std::nullopt;
  const auto message = world::read_message(*datagram);
  if (!message) return std::nullopt;
  const auto* const packet = std::get_if<world::Packet>(&*message);
  const bool dhcp =
      packet != nullptr && packet->protocol == world::Protocol::udp &&
      (packet->to.port == net::kDhcpServerPort || packet->to.port == net::kDhcpClientPort);
  if (!dhcp) return std::nullopt;
  auto parsed = net::DhcpMessage::parse(packet->payload);
  if (!parsed) return std::nullopt;
  // What the phone itself reads of no message.
  parsed->ciaddr = address_in(packet->payload, 12);
  return DhcpOnWire{frame->source, std::move(*parsed), address_in(packet->payload, 20)};
}

MacAddress source_of(BytesView octets) {
  MacAddress mac;
  if (octets.size() >= 12) std::copy_n(octets.begin() + 6, 6, mac.octets.begin());
  return mac;
}

bool is_arp(BytesView octets) {
  return octets.size() >= 14 && octets[12] == 0x08 && octets[13] == 0x06;
}

}  // namespace

/// What a port owns: a hand on the bench's link.
class BenchLink::Lent final : public wire::FrameLink {
 public:
  explicit Lent(BenchLink& bench) : bench_(bench) {}
  bool send(BytesView frame) override { return bench_.send(frame); }
  Expected<std::size_t> receive(std::size_t most, const Taker& take) override {
    return bench_.receive(most, take);
  }
  int descriptor() const override { return bench_.interface_->descriptor(); }
  Expected<void> want(const wire::FrameInterest& interest) override {
    return bench_.interface_->want(interest);
  }
  wire::LinkStatistics statistics() override { return bench_.interface_->statistics(); }
  std::size_t mtu() const override { return bench_.interface_->mtu(); }

 private:
  BenchLink& bench_;
};

std::unique_ptr<wire::FrameLink> BenchLink::lend() {
  return std::make_unique<Lent>(*this);
}

void BenchLink::attach(Clock clock, std::function<Boot(MacAddress)> boots) {
  clock_ = std::move(clock);
  boots_ = std::move(boots);
  admitted_ = true;
  decided_ = !held_.empty();
}

void BenchLink::detach() {
  earlier_ = bench_time();
  clock_ = {};
  boots_ = {};
}

Expected<std::size_t> BenchLink::receive(std::size_t most, const wire::FrameLink::Taker& take) {
  std::size_t taken = 0;
  for (; admitted_ && taken < most && !held_.empty(); ++taken) {
    if (!std::exchange(decided_, false) && !look_at(held_.front())) break;
    const Bytes frame = std::move(held_.front());
    held_.pop_front();
    if (capture_ != nullptr) capture_->frame(world_time(), frame);
    take(frame);
  }
  if (taken == most) return taken;
  const auto got = interface_->receive(most - taken, [&](BytesView frame) {
    if (only_ && source_of(frame) != *only_ && !is_arp(frame)) return;
    if (!admitted_ || !look_at(frame)) {
      if (held_.size() < kMostHeld) held_.emplace_back(frame.begin(), frame.end());
      return;
    }
    if (capture_ != nullptr && capture_->bytes().size() < kLargestCapture) {
      capture_->frame(world_time(), frame);
    }
    take(frame);
  });
  if (!got) return got;
  // What waits for another world keeps nobody here busy.
  return admitted_ ? taken + *got : taken;
}

bool BenchLink::look_at(BytesView frame) {
  const auto dhcp = dhcp_of(frame);
  if (!dhcp) return true;
  if (dhcp->message.reply) {
    const auto server = dhcp->message.address(net::dhcp_option::kServerIdentifier);
    note_other_server(dhcp->from, server.value_or(dhcp->next_server));
    return true;
  }
  if (!boots_ || !watch_.heard(bench_time(), dhcp->message)) return true;
  admitted_ = boots_(dhcp->message.chaddr) == Boot::here;
  if (!admitted_) booting_ = dhcp->message.chaddr;
  return admitted_;
}

void BenchLink::note_other_server(MacAddress from, Ipv4Address server) {
  const bool known =
      other_servers_.size() >= kMostOtherServers || !other_servers_.insert(from).second;
  if (!known && other_server_) other_server_(server, from);
}

bool BenchLink::send(BytesView frame) {
  if (const auto dhcp = dhcp_of(frame); dhcp && dhcp->message.reply) {
    watch_.told(bench_time(), dhcp->message);
  }
  if (capture_ != nullptr && capture_->bytes().size() < kLargestCapture) {
    capture_->frame(world_time(), frame);
  }
  return interface_->send(frame);
}

}  // namespace provlab::lab
