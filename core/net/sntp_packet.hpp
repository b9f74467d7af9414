#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "core/platform/host.hpp"

/// The 48-octet header of NTP version 4 (RFC 5905 7.3), as SNTP uses it (RFC 4330 4).
namespace provlab::net {

/// Seconds since 1900 in the upper 32 bits, modulo 2^32, their fraction in the lower; 0 is "none".
using NtpTimestamp = std::uint64_t;

/// RFC 4330 3: with the top bit set the era of 1900, else the era that begins 2036-02-07T06:28:16Z.
WallTime to_wall_time(NtpTimestamp timestamp);
/// The signed difference later - earlier, right across an era's end.
Duration ntp_difference(NtpTimestamp later, NtpTimestamp earlier);

/// A client's question, which says nothing but when it leaves (RFC 4330 5).
std::array<std::uint8_t, 48> sntp_request(NtpTimestamp transmit);

/// What came, of whatever version.
struct SntpPacket {
  std::uint8_t leap = 0;
  std::uint8_t mode = 0;  ///< 3 client, 4 server
  std::uint8_t stratum = 0;
  std::array<std::uint8_t, 4> reference_id{};
  NtpTimestamp origin = 0;
  NtpTimestamp receive = 0;
  NtpTimestamp transmit = 0;

  /// Extension fields and authenticators after the header are ignored.
  static Expected<SntpPacket> parse(BytesView datagram);
  /// The four letters of a kiss-o'-death (RFC 5905 7.4), unprintable ones as '?'.
  std::string kiss_code() const;
};

}  // namespace provlab::net
