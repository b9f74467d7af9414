#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace provlab::lab {

/// A place as editors count it: lines from 0, ended by `\n`, `\r\n` or `\r`, and in them units of
/// UTF-16 from 0.
struct TextPosition {
  std::size_t line = 0;
  std::size_t character = 0;
  friend auto operator<=>(const TextPosition&, const TextPosition&) = default;
};

/// Translates between places and offsets in octets of one text, which must outlive it.
class TextPositions {
 public:
  explicit TextPositions(std::string_view text);

  /// A place behind the end of its line is that end, one behind the last line the text's end, and
  /// one between the two units of a character its beginning.
  std::size_t offset(TextPosition position) const;
  TextPosition position(std::size_t offset) const;
  std::size_t lines() const { return begins_.size(); }
  /// Without what ends it.
  std::string_view line(std::size_t number) const;
  std::size_t begin_of_line(std::size_t number) const { return begins_[number]; }

 private:
  std::string_view text_;
  std::vector<std::size_t> begins_;
};

}  // namespace provlab::lab
