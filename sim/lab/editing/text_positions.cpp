#include "sim/lab/editing/text_positions.hpp"

#include <algorithm>

#include "core/platform/utf8.hpp"
#include "sim/text/visible.hpp"

namespace provlab::lab {

namespace {

std::size_t units_of(const FrontCharacter& character) {
  return character.code > 0xffff ? 2 : 1;
}

}  // namespace

TextPositions::TextPositions(std::string_view text) : text_(text), begins_{0} {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool alone = text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
    if (text[i] == '\n' || alone) begins_.push_back(i + 1);
  }
}

std::string_view TextPositions::line(std::size_t number) const {
  const std::size_t end = number + 1 < begins_.size() ? begins_[number + 1] : text_.size();
  std::string_view line = text_.substr(begins_[number], end - begins_[number]);
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::size_t TextPositions::offset(TextPosition position) const {
  if (position.line >= begins_.size()) return text_.size();
  std::string_view rest = line(position.line);
  std::size_t offset = begins_[position.line];
  for (std::size_t left = position.character; left > 0 && !rest.empty();) {
    const FrontCharacter next = front_character(rest);
    const std::size_t units = units_of(next);
    if (units > left) break;
    left -= units;
    offset += next.octets;
    rest.remove_prefix(next.octets);
  }
  return offset;
}

TextPosition TextPositions::position(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto line =
      static_cast<std::size_t>(std::ranges::upper_bound(begins_, offset) - begins_.begin() - 1);
  TextPosition position{line, 0};
  for (std::size_t at = begins_[line]; at < offset;) {
    const FrontCharacter next = front_character(text_.substr(at));
    position.character += units_of(next);
    at += next.octets;
  }
  return position;
}

}  // namespace provlab::lab
