#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace provlab {

/// The character at the front of a text that is not empty, as UTF-8 has it.
struct FrontCharacter {
  std::size_t octets = 1;
  char32_t code = 0;
  bool whole = false;  ///< false: the octet belongs to no character; `code` is the octet
};
FrontCharacter front_character(std::string_view text);

/// `text` with each octet that is no part of UTF-8 replaced by U+FFFD.
std::string clean_utf8(std::string_view text);
/// Whether all octets are below 0x80.
bool is_ascii(std::string_view text);

}  // namespace provlab
