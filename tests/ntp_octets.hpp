#pragma once
#include <algorithm>

#include "core/net/sntp_packet.hpp"

/// What a time server sends, for tests of a client that never writes it.
namespace provlab::test {

inline net::NtpTimestamp to_ntp_timestamp(WallTime time) {
  constexpr std::int64_t kUnixEpochSince1900 = 2'208'988'800;
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const auto rest = static_cast<std::uint64_t>((time - whole).count());
  const auto seconds =
      static_cast<std::uint32_t>(whole.time_since_epoch().count() + kUnixEpochSince1900);
  return std::uint64_t{seconds} << 32 | (rest << 32) / 1'000'000'000;
}

inline Bytes octets_of(const net::SntpPacket& packet) {
  Bytes out(48);
  const auto put = [&](std::size_t at, std::uint64_t value) {
    for (std::size_t i = 8; i-- > 0; value >>= 8) out[at + i] = static_cast<std::uint8_t>(value);
  };
  out[0] = static_cast<std::uint8_t>(packet.leap << 6 | 4 << 3 | packet.mode);
  out[1] = packet.stratum;
  std::ranges::copy(packet.reference_id, out.begin() + 12);
  put(24, packet.origin);
  put(32, packet.receive);
  put(40, packet.transmit);
  return out;
}

}  // namespace provlab::test
