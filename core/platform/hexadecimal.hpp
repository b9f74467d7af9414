#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/text.hpp"

namespace provlab {

/// What a hexadecimal digit of either case counts; nothing for another character.
constexpr std::optional<unsigned> hexadecimal_digit(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  const char letter = lower(c);
  if (letter >= 'a' && letter <= 'f') return static_cast<unsigned>(letter - 'a' + 10);
  return std::nullopt;
}

/// Percent escapes undone (RFC 3986 2.1); what only begins like one stays as it is.
inline std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](std::size_t at) {
      return at < text.size() ? hexadecimal_digit(text[at]) : std::nullopt;
    };
    const auto high = digit(i + 1);
    const auto low = digit(i + 2);
    if (text[i] == '%' && high && low) {
      decoded += static_cast<char>(*high * 16 + *low);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

}  // namespace provlab
