#include "core/platform/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace provlab {

namespace {

bool follows(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U;
}

}  // namespace

FrontCharacter front_character(std::string_view text) {
  const auto octet = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[i]));
  };
  const char32_t lead = octet(0);
  if (lead < 0x80) return {1, lead, true};
  const std::size_t length = lead < 0xc2   ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
  char32_t code = length == 0 ? 0 : lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (!follows(text, i)) return {1, lead, false};
    code = code << 6 | (octet(i) & 0x3fU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  if (length == 0 || overlong || surrogate || code > 0x10ffff) return {1, lead, false};
  return {length, code, true};
}

bool is_ascii(std::string_view text) {
  std::uint64_t all = 0;
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    all |= word;
  }
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return (all & 0x8080808080808080U) == 0;
}

std::string clean_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const FrontCharacter front = front_character(text);
    out += front.whole ? text.substr(0, front.octets) : std::string_view("\ufffd");
    text.remove_prefix(front.octets);
  }
  return out;
}

}  // namespace provlab
