#include "netfakes/ntp_responder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "netfakes/datagram_front.hpp"
#include "netfakes/ntp_wire.hpp"

namespace provlab::netfakes {

namespace {

constexpr Port kNtpPort = 123;
constexpr unsigned kClientMode = 3;
constexpr unsigned kServerMode = 4;
constexpr OctetRange kOrigin{kNtpOriginTime, 8};

/// The server's reply (RFC 5905 7.3 and 9.2), but for its transmit timestamp.
NtpPacket reply_to(BytesView request, const NtpSettings& settings, WallTime received) {
  NtpPacket packet = packet_of(settings, kServerMode, request[0] >> 3 & 7, received);
  packet[2] = request[2];  // poll
  const bool has_source = settings.stratum > 1;
  constexpr Duration kOwnDelay = Duration(std::chrono::seconds(1)) / 256;
  constexpr Duration kOwnDispersion = std::chrono::nanoseconds(488'282);  // 1/2048 s
  if (!settings.root_delay && has_source) put_ntp_short(packet, kNtpRootDelay, kOwnDelay);
  if (!settings.root_dispersion) put_ntp_short(packet, kNtpRootDispersion, kOwnDispersion);
  std::copy_n(request.begin() + kNtpTransmitTime, kOrigin.size, packet.begin() + kOrigin.offset);
  put_ntp_time(packet, kNtpReceiveTime, received);
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
  if (request.size() < kNtpHeaderSize) {
    answering_.ignored(datagram.from, fmt::format("only {} octets", request.size()));
    return;
  }
  if ((request[0] & 7) != kClientMode) {
    answering_.ignored(datagram.from, fmt::format("mode {}, not a client's", request[0] & 7));
    return;
  }
  const Request text{.text = "time", .detail = {}, .contents = ntp_fields(request)};
  const NtpRule* rule = received(text, datagram.from);
  const NtpSettings& settings =
      rule != nullptr && rule->settings ? *rule->settings : config_->settings;
  const WallTime arrival = settings.clock + host_.now().time_since_epoch();
  answering_.schedule(
      rule, {}, text.text,
      [this, to = datagram.from, packet = reply_to(request, settings, arrival),
       &settings](const DueAnswer& due) mutable {
        const WallTime departure = settings.clock + host_.now().time_since_epoch();
        put_ntp_time(packet, kNtpTransmitTime, departure);
        std::string summary = fmt::format("{} stratum {}", to_string(departure), settings.stratum);
        if (settings.stratum == 0) summary = "kiss-o'-death " + settings.reference_id;
        if (settings.leap == 3) summary += " not synchronised";
        answering_.send(due, socket(), to, with_extensions(packet, settings.extensions), summary,
                        kOrigin);
      });
}

}  // namespace

NtpPacket packet_of(const NtpSettings& settings, unsigned mode, unsigned version, WallTime now) {
  NtpPacket packet{};
  packet[0] = static_cast<std::uint8_t>(settings.leap << 6 |
                                        settings.version.value_or(version) << 3 | mode);
  packet[1] = static_cast<std::uint8_t>(settings.stratum);
  packet[3] = static_cast<std::uint8_t>(-20);  // precision: about a microsecond
  put_ntp_short(packet, kNtpRootDelay, settings.root_delay.value_or(Duration::zero()));
  put_ntp_short(packet, kNtpRootDispersion, settings.root_dispersion.value_or(Duration::zero()));
  put_ntp_reference(packet, settings.reference_id);
  put_ntp_time(packet, kNtpReferenceTime, now - std::chrono::seconds(8));  // last set
  return packet;
}

std::unique_ptr<Responder> make_responder(Host& host, std::shared_ptr<const NtpConfig> config) {
  return std::make_unique<NtpResponder>(host, std::move(config));
}

}  // namespace provlab::netfakes
