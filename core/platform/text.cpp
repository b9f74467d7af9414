#include "core/platform/text.hpp"

#include <fmt/format.h>

namespace provlab {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

std::string printable(std::string_view text, Escaped what) {
  constexpr std::size_t kMost = 200;
  const unsigned char last = what == Escaped::controls ? 0xff : 0x7e;
  std::string out;
  for (const char c : text.substr(0, kMost)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet == 0x7f || octet > last) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", octet);
    } else {
      out += c;
    }
  }
  if (text.size() > kMost) out += "…";
  return out;
}

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U) --most;
  return std::string(text.substr(0, most)) + "…";
}

}  // namespace provlab
