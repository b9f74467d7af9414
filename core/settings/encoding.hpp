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

/// Finds out how a document is encoded and reads it as UTF-8 (SPEC 5.9): Latin-1 only where it is
/// declared, by the document or else by the content type; an unknown encoding name is read as UTF-8
/// with a warning, and a declaration that is not well-formed declares nothing. Refused: UTF-16 and UTF-32, invalid UTF-8, characters that XML 1.0 forbids (2.2:
/// control characters, U+FFFE, U+FFFF), and in Latin-1 also the octets 0x80 to 0x9F, which hardly
/// ever mean the control characters they stand for. Offsets count octets of the document, from 0.
Expected<DecodedText> decode(std::string_view bytes, std::string_view content_type);

/// Whether the text is valid UTF-8 made of characters that XML allows; for values set by hand.
Expected<void> check_text(std::string_view text);

}  // namespace provlab::settings
