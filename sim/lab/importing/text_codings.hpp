#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "sim/lab/contents/http_text.hpp"

/// Forms in which a text hides in another one.
namespace provlab::lab {

/// An octet as it is, or as a percent escape (RFC 3986 2.1).
struct Unit {
  char octet = 0;
  std::size_t size = 1;  ///< 3: an escape
  bool capital = true;   ///< whose digits are `A` to `F`
};
Unit unit_at(std::string_view text, std::size_t at);
std::string escape(char octet, bool capital);

/// Of at least four octets, with letters of one case; else nothing.
std::optional<std::string> from_hex(std::string_view word);
/// With letters in the case of another one.
std::string as_hex(std::string_view text, std::string_view like);

/// How much of the front of it could be base64 (RFC 4648 4 and 5).
std::size_t base64_run(std::string_view text);
/// Of at least six octets; nothing where that is none.
std::optional<std::string> from_base64(std::string_view run);
/// In the alphabet of another one, and padded where that is.
std::string as_base64(std::string_view text, std::string_view like);

/// Where every other octet is NUL.
std::optional<WideOrder> order_of_wide(std::string_view text);
std::string narrowed(std::string_view wide, WideOrder order);
std::string widened(std::string_view narrow, WideOrder order);

/// All of a text in UTF-8 as UTF-16; `marked`: behind U+FEFF.
std::string as_utf16(std::string_view text, WideOrder order, bool marked);

}  // namespace provlab::lab
