#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/platform/host.hpp"
#include "core/platform/time.hpp"

/// The 48 octets of NTP (RFC 5905 7.3), written one by one: no library that the fakes may have
/// knows NTP (D4).
namespace provlab::netfakes {

inline constexpr std::size_t kNtpHeaderSize = 48;
using NtpPacket = std::array<std::uint8_t, kNtpHeaderSize>;

inline constexpr std::size_t kNtpRootDelay = 4;
inline constexpr std::size_t kNtpRootDispersion = 8;
inline constexpr std::size_t kNtpReferenceId = 12;
inline constexpr std::size_t kNtpReferenceTime = 16;
inline constexpr std::size_t kNtpOriginTime = 24;
inline constexpr std::size_t kNtpReceiveTime = 32;
inline constexpr std::size_t kNtpTransmitTime = 40;

void put_ntp_32(NtpPacket& packet, std::size_t offset, std::uint32_t value);
/// RFC 5905 6: seconds since 1900 modulo 2^32 (so that the era of 2036 starts at 0), and a binary
/// fraction.
void put_ntp_time(NtpPacket& packet, std::size_t offset, WallTime time);
/// RFC 5905 6, the short format: 16 bits of seconds and 16 of their fraction.
void put_ntp_short(NtpPacket& packet, std::size_t offset, Duration time);
/// The other way round. A time of zeros is none; those before 1968 are of the era that begins in
/// 2036. Precondition: the octets are there.
std::optional<WallTime> ntp_time_at(BytesView packet, std::size_t offset);
Duration ntp_short_at(BytesView packet, std::size_t offset);
/// An address, or up to four letters.
void put_ntp_reference(NtpPacket& packet, std::string_view id);

/// RFC 5905 7.5, RFC 7822: on the wire its value is padded to whole words.
struct NtpExtension {
  std::uint16_t type = 0;
  Bytes value;
};
/// The header with these fields behind it.
Bytes with_extensions(const NtpPacket& header, const std::vector<NtpExtension>& extensions);

}  // namespace provlab::netfakes
