#include "core/net/sntp_packet.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provlab::net {

namespace {

__extension__ using Wide = __int128;

constexpr std::size_t kSize = 48;
constexpr std::size_t kTransmitOffset = 40;
constexpr std::int64_t kUnixEpochSince1900 = 2'208'988'800;  // seconds
constexpr std::int64_t kEraSeconds = std::int64_t{1} << 32;
constexpr std::int64_t kNanoseconds = 1'000'000'000;

std::uint64_t read_u64(BytesView bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | bytes[at + i];
  return value;
}

}  // namespace

WallTime to_wall_time(NtpTimestamp timestamp) {
  auto seconds = static_cast<std::int64_t>(timestamp >> 32);
  if ((timestamp >> 63) == 0) seconds += kEraSeconds;
  const std::uint64_t fraction = timestamp & 0xffffffffU;
  const std::uint64_t nanoseconds =
      (fraction * static_cast<std::uint64_t>(kNanoseconds) + (std::uint64_t{1} << 31)) >> 32;
  return WallTime(Duration((seconds - kUnixEpochSince1900) * kNanoseconds +
                           static_cast<std::int64_t>(nanoseconds)));
}

Duration ntp_difference(NtpTimestamp later, NtpTimestamp earlier) {
  const auto difference = static_cast<std::int64_t>(later - earlier);
  return Duration(static_cast<std::int64_t>((Wide{difference} * kNanoseconds) >> 32));
}

Expected<SntpPacket> SntpPacket::parse(BytesView datagram) {
  if (datagram.size() < kSize) {
    return fail(
        fmt::format("an NTP packet has at least {} octets, this one {}", kSize, datagram.size()));
  }
  SntpPacket packet;
  packet.leap = datagram[0] >> 6;
  packet.mode = datagram[0] & 7;
  packet.stratum = datagram[1];
  std::copy_n(datagram.begin() + 12, 4, packet.reference_id.begin());
  packet.origin = read_u64(datagram, 24);
  packet.receive = read_u64(datagram, 32);
  packet.transmit = read_u64(datagram, kTransmitOffset);
  return packet;
}

std::array<std::uint8_t, kSize> sntp_request(NtpTimestamp transmit) {
  constexpr std::uint8_t kVersion = 4;
  constexpr std::uint8_t kClient = 3;
  std::array<std::uint8_t, kSize> out{};
  out[0] = kVersion << 3 | kClient;
  for (std::size_t i = kSize; i-- > kTransmitOffset; transmit >>= 8) {
    out[i] = static_cast<std::uint8_t>(transmit);
  }
  return out;
}

std::string SntpPacket::kiss_code() const {
  std::string code;
  for (const std::uint8_t octet : reference_id) {
    code += octet > 0x20 && octet < 0x7f ? static_cast<char>(octet) : '?';
  }
  return code;
}

}  // namespace provlab::net
