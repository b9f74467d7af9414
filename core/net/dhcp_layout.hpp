#pragma once
#include <cstdint>

#include "core/platform/host.hpp"

/// Where things stand in a DHCP message (RFC 2131 figure 1); for the codec's own files only.
namespace provlab::net::dhcp_layout {

inline constexpr std::size_t kSnameOffset = 44;
inline constexpr std::size_t kSnameSize = 64;
inline constexpr std::size_t kFileOffset = 108;
inline constexpr std::size_t kFileSize = 128;
inline constexpr std::size_t kCookieOffset = 236;
inline constexpr std::size_t kOptionsOffset = 240;
inline constexpr std::uint32_t kMagicCookie = 0x63825363;
inline constexpr std::size_t kMinimumSize = 300;
inline constexpr std::size_t kMaximumSize = 65507;
inline constexpr std::uint16_t kBroadcastFlag = 0x8000;
inline constexpr std::size_t kMaximumPiece = 255;

inline std::uint16_t read16(BytesView bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

inline std::uint32_t read32(BytesView bytes, std::size_t at) {
  return std::uint32_t{read16(bytes, at)} << 16 | read16(bytes, at + 2);
}

/// Up to the first NUL.
inline std::string_view cut(BytesView bytes) {
  if (bytes.empty()) return {};
  const std::string_view text = text_of(bytes);
  return text.substr(0, text.find('\0'));
}

}  // namespace provlab::net::dhcp_layout
