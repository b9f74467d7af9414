#include "netfakes/raw_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/platform/text.hpp"

namespace provlab::netfakes {

namespace {

/// The value of option 53, and the address offered, of what begins like a DHCP message; empty where
/// it does not, or says no type.
std::string dhcp_words(BytesView octets) {
  constexpr std::size_t kOptions = 240;  // behind the magic cookie (RFC 2131 3)
  constexpr std::size_t kYiaddr = 16;
  constexpr std::array<std::uint8_t, 4> kCookie{99, 130, 83, 99};
  constexpr std::array<std::string_view, 9> kTypes{
      "", "discover", "offer", "request", "decline", "ack", "nak", "release", "inform"};
  if (octets.size() < kOptions) return {};
  if (!std::equal(kCookie.begin(), kCookie.end(), octets.begin() + kOptions - kCookie.size())) {
    return {};
  }
  std::size_t at = kOptions;
  while (at + 2 < octets.size() && octets[at] != 53 && octets[at] != 255) {
    at += octets[at] == 0 ? 1 : 2 + std::size_t{octets[at + 1]};
  }
  if (at + 2 >= octets.size() || octets[at] != 53) return {};
  const std::uint8_t type = octets[at + 2];
  if (type == 0 || type >= kTypes.size()) return fmt::format("message type {}", type);
  const auto address = octets.subspan(kYiaddr, 4);
  if (address[0] == 0) return std::string(kTypes.at(type));
  return fmt::format("{} {}", kTypes.at(type), fmt::join(address, "."));
}

std::string dns_words(BytesView octets) {
  constexpr std::size_t kHeader = 12;
  if (octets.size() < kHeader) return {};
  return fmt::format("{}, code {}, {} in its answer section",
                     (octets[2] & 0x80) != 0 ? "response" : "query", octets[3] & 0x0f,
                     octets[6] << 8 | octets[7]);
}

std::string ntp_words(BytesView octets) {
  constexpr std::size_t kHeader = 48;
  if (octets.size() < kHeader) return {};
  return fmt::format("mode {} stratum {}", octets[0] & 7, octets[1]);
}

/// The start line of SIP or HTTP.
std::string first_line(BytesView octets) {
  const std::string_view text = text_of(octets);
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  for (const char c : line) {
    if (c < ' ' || c > '~') return {};
  }
  const bool known = line.find("HTTP/") != line.npos || line.find("SIP/") != line.npos;
  return known ? shortened(line) : std::string();
}

}  // namespace

std::string summarize_raw(std::string_view kind, BytesView octets) {
  std::string words = kind == "dhcp"  ? dhcp_words(octets)
                      : kind == "dns" ? dns_words(octets)
                      : kind == "ntp" ? ntp_words(octets)
                                      : first_line(octets);
  if (words.empty()) words = fmt::format("{} of them, no message of {}", octets.size(), kind);
  return "octets of the scenario: " + words;
}

}  // namespace provlab::netfakes
