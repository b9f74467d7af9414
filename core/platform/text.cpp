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

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string shortened(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U) --most;
  return std::string(text.substr(0, most)) + "…";
}

std::string without_middle(std::string_view text) {
  constexpr std::size_t kEach = 600;
  if (text.size() <= 2 * kEach) return std::string(text);
  std::size_t end = text.size() - kEach;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) ++end;
  return shortened(text, kEach).append(text.substr(end));
}

}  // namespace provlab
