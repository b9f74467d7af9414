#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/error.hpp"

namespace provlab::settings {

/// A document's text as UTF-8, without byte-order mark: a view into the bytes given, or a text of
/// its own where they had to be converted.
struct DecodedText {
  std::string_view given;
  std::optional<std::string> converted;
  std::vector<std::string> warnings;

  std::string_view text() const { return converted ? std::string_view(*converted) : given; }
};

/// Finds out how a document is encoded and reads it as UTF-8 (SPEC 5.9).
///
/// 1. Latin-1 counts only where it is declared, by the document or else by the content type.
/// 2. An encoding of another name is read as UTF-8, with a warning. A declaration that is not
///    well-formed declares nothing.
/// 3. Refused are UTF-16, UTF-32, invalid UTF-8 and the characters that XML 1.0 (2.2) forbids:
///    control characters, U+FFFE, U+FFFF.
/// 4. In Latin-1 the octets 0x80 to 0x9F are refused as well: they stand for control characters and
///    hardly ever mean them.
///
/// Places are offsets: octets of the document, from 0.
Expected<DecodedText> decode(std::string_view bytes, std::string_view content_type);

/// Whether the text is valid UTF-8 made of characters that XML allows; for values set by hand.
Expected<void> check_text(std::string_view text);

}  // namespace provlab::settings
