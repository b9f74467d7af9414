#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace provlab::lab {

/// An attribute whose value has no closing quote.
struct OpenQuote {
  int line = 0;
  std::string attribute;
};

/// The first such attribute of a text that is no well-formed XML; nothing where something else is
/// wrong with it. A parser notices it only where the next quote or `<` stands, lines later.
std::optional<OpenQuote> find_open_quote(std::string_view text);

}  // namespace provlab::lab
