#include "sim/text/without_middle.hpp"

#include "core/platform/text.hpp"

namespace provlab {

std::string without_middle(std::string_view text) {
  constexpr std::size_t kEach = 600;
  if (text.size() <= 2 * kEach) return std::string(text);
  std::size_t end = text.size() - kEach;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) ++end;
  return shortened(text, kEach).append(text.substr(end));
}

}  // namespace provlab
