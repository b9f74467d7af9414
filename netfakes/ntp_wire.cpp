#include "netfakes/ntp_wire.hpp"

#include <algorithm>
#include <chrono>

#include "core/platform/address.hpp"

namespace provlab::netfakes {

namespace {

constexpr std::int64_t kUnixEpoch = 2208988800;

std::uint32_t ntp_32_at(BytesView packet, std::size_t offset) {
  std::uint32_t value = 0;
  for (const std::uint8_t octet : packet.subspan(offset, 4)) value = value << 8 | octet;
  return value;
}

}  // namespace

void put_ntp_32(NtpPacket& packet, std::size_t offset, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) {
    packet[offset + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
  }
}

void put_ntp_time(NtpPacket& packet, std::size_t offset, WallTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto fraction = static_cast<std::uint64_t>((time - seconds).count());
  put_ntp_32(packet, offset,
             static_cast<std::uint32_t>(seconds.time_since_epoch().count() + kUnixEpoch));
  put_ntp_32(packet, offset + 4, static_cast<std::uint32_t>((fraction << 32) / 1'000'000'000));
}

void put_ntp_short(NtpPacket& packet, std::size_t offset, Duration time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  const auto fraction = static_cast<std::uint64_t>((time - seconds).count());
  put_ntp_32(packet, offset,
             static_cast<std::uint32_t>(static_cast<std::uint64_t>(seconds.count()) << 16 |
                                        (fraction << 16) / 1'000'000'000));
}

std::optional<WallTime> ntp_time_at(BytesView packet, std::size_t offset) {
  const std::uint32_t count = ntp_32_at(packet, offset);
  const std::uint64_t fraction = ntp_32_at(packet, offset + 4);
  if (count == 0 && fraction == 0) return std::nullopt;
  std::int64_t seconds = std::int64_t{count} - kUnixEpoch;
  if (count < 0x80000000U) seconds += std::int64_t{1} << 32;
  return WallTime(std::chrono::seconds(seconds) +
                  std::chrono::nanoseconds(fraction * 1'000'000'000 >> 32));
}

Duration ntp_short_at(BytesView packet, std::size_t offset) {
  return std::chrono::nanoseconds(std::uint64_t{ntp_32_at(packet, offset)} * 1'000'000'000 >> 16);
}

Bytes with_extensions(const NtpPacket& header, const std::vector<NtpExtension>& extensions) {
  Bytes packet(header.begin(), header.end());
  const auto put16 = [&packet](std::size_t value) {
    packet.push_back(static_cast<std::uint8_t>(value >> 8));
    packet.push_back(static_cast<std::uint8_t>(value));
  };
  for (const NtpExtension& each : extensions) {
    const std::size_t length = 4 + (each.value.size() + 3) / 4 * 4;
    const std::size_t end = packet.size() + length;
    put16(each.type);
    put16(length);
    packet.insert(packet.end(), each.value.begin(), each.value.end());
    packet.resize(end);
  }
  return packet;
}

void put_ntp_reference(NtpPacket& packet, std::string_view id) {
  if (const auto address = Ipv4Address::read(id)) {
    put_ntp_32(packet, kNtpReferenceId, address->value);
    return;
  }
  std::copy_n(id.begin(), std::min<std::size_t>(id.size(), 4), packet.begin() + kNtpReferenceId);
}

}  // namespace provlab::netfakes
