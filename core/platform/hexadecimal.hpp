#pragma once
#include <optional>

#include "core/platform/text.hpp"

namespace provlab {

/// What a hexadecimal digit of either case counts; nothing for another character.
constexpr std::optional<unsigned> hexadecimal_digit(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  const char letter = lower(c);
  if (letter >= 'a' && letter <= 'f') return static_cast<unsigned>(letter - 'a' + 10);
  return std::nullopt;
}

}  // namespace provlab
