#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/error.hpp"

namespace provlab::settings {

/// What a parser has to know before it reads a document.
struct TextTraits {
  /// Some text may be in pieces, or be white space that a parser takes for a value: CDATA,
  /// comments, instructions or references to characters within.
  bool pieces = false;
  bool prefixes = false;  ///< some attribute is of a namespace, or declares one
};

/// Checks what pugixml would let pass (SPEC 5.8, 5.9): exactly one root element, tags that match,
/// quoted attributes that occur once, only the five predefined entities and references to allowed
/// characters, no document type declaration, depth, no namespace but XMLSchema-instance. `text` is
/// valid UTF-8 without forbidden characters. Appends a warning for each deviation that can be read
/// without doubt. Reads the text once and stops at the first error; its place is the line.
Expected<TextTraits> check_well_formed(std::string_view text, std::vector<std::string>& warnings);

}  // namespace provlab::settings
