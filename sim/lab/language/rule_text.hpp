#pragma once
#include <string>
#include <string_view>

#include "sim/lab/language/specification.hpp"

/// Rules for people at a terminal.
namespace provlab::lab {

inline constexpr std::size_t kTerminalWidth = 100;

/// `words` in lines of kTerminalWidth, the first indented by `first`, the others by `indent`.
void add_wrapped(std::string& out, std::string_view words, std::string_view first,
                 std::string_view indent);

/// Number and title, the text with its marks, wrapped, and the quoted paragraphs.
std::string rule_text(const SpecRule& rule);

}  // namespace provlab::lab
