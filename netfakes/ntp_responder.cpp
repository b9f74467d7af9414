#include "netfakes/ntp_responder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "netfakes/datagram_front.hpp"

namespace provlab::netfakes {

namespace {

constexpr Port kNtpPort = 123;
constexpr std::size_t kHeaderSize = 48;
constexpr unsigned kClientMode = 3;
constexpr unsigned kServerMode = 4;
constexpr OctetRange kOrigin{24, 8};
constexpr std::size_t kTransmitOffset = 40;

/// Written octet by octet: no library that the fakes may have knows NTP (D4).
using Packet = std::array<std::uint8_t, kHeaderSize>;

void put32(Packet& packet, std::size_t offset, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) {
    packet[offset + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }
}

/// RFC 5905 6: seconds since 1900 modulo 2^32 (so that the era of 2036 starts at 0), and a binary
/// fraction.
void put_timestamp(Packet& packet, std::size_t offset, WallTime time) {
  constexpr std::int64_t kUnixEpoch = 2208988800;
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto fraction = static_cast<std::uint64_t>((time - seconds).count());
  put32(packet, offset,
        static_cast<std::uint32_t>(seconds.time_since_epoch().count() + kUnixEpoch));
  put32(packet, offset + 4, static_cast<std::uint32_t>((fraction << 32) / 1'000'000'000));
}

void put_reference_id(Packet& packet, std::string_view id) {
  if (const auto address = Ipv4Address::read(id)) {
    put32(packet, 12, address->value);
    return;
  }
  std::copy_n(id.begin(), std::min<std::size_t>(id.size(), 4), packet.begin() + 12);
}

/// The server's reply (RFC 5905 7.3 and 9.2), but for its transmit timestamp.
Packet reply_to(BytesView request, const NtpSettings& settings, WallTime received) {
  Packet packet{};
  const unsigned version = request[0] >> 3 & 7;
  packet[0] = static_cast<std::uint8_t>(settings.leap << 6 | version << 3 | kServerMode);
  packet[1] = static_cast<std::uint8_t>(settings.stratum);
  packet[2] = request[2];                      // poll
  packet[3] = static_cast<std::uint8_t>(-20);  // precision: about a microsecond
  const bool has_source = settings.stratum > 1;
  put32(packet, 4, has_source ? 0x00000100 : 0);  // root delay, 1/256 s
  put32(packet, 8, 0x00000020);                   // root dispersion, 1/2048 s
  put_reference_id(packet, settings.reference_id);
  put_timestamp(packet, 16, received - std::chrono::seconds(8));  // last set
  std::copy_n(request.begin() + kTransmitOffset, kOrigin.size, packet.begin() + kOrigin.offset);
  put_timestamp(packet, 32, received);
  return packet;
}

class NtpResponder final : public DatagramFront<NtpConfig> {
 public:
  NtpResponder(Host& host, std::shared_ptr<const NtpConfig> config)
      : DatagramFront(host, std::move(config), {.port = kNtpPort}) {}

 private:
  void receive(const Datagram& datagram) override;
};

void NtpResponder::receive(const Datagram& datagram) {
  const Bytes& request = datagram.payload;
  if (request.size() < kHeaderSize) {
    answering_.ignored(datagram.from, fmt::format("only {} octets", request.size()));
    return;
  }
  if ((request[0] & 7) != kClientMode) {
    answering_.ignored(datagram.from, fmt::format("mode {}, not a client's", request[0] & 7));
    return;
  }
  const Request text{"time", {}};
  const NtpRule* rule = received(text, datagram.from);
  const NtpSettings& settings =
      rule != nullptr && rule->settings ? *rule->settings : config_->settings;
  const WallTime arrival = settings.clock + host_.now().time_since_epoch();
  answering_.schedule(rule, {}, text.text,
                      [this, to = datagram.from, packet = reply_to(request, settings, arrival),
                       &settings](const DueAnswer& due) mutable {
                        const WallTime departure = settings.clock + host_.now().time_since_epoch();
                        put_timestamp(packet, kTransmitOffset, departure);
                        std::string summary =
                            fmt::format("{} stratum {}", to_string(departure), settings.stratum);
                        if (settings.stratum == 0)
                          summary = "kiss-o'-death " + settings.reference_id;
                        if (settings.leap == 3) summary += " not synchronised";
                        answering_.send(due, socket(), to, packet, summary, kOrigin);
                      });
}

}  // namespace

std::unique_ptr<Responder> make_responder(Host& host, std::shared_ptr<const NtpConfig> config) {
  return std::make_unique<NtpResponder>(host, std::move(config));
}

}  // namespace provlab::netfakes
