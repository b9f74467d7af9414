#pragma once
#include <optional>
#include <string>
#include <string_view>

/// Texts as the built-in types of XSD read them.
namespace provlab::settings {

/// `true`, `false`, `1`, `0`, with white space around them; nothing where it is none of these.
std::optional<bool> read_switch(std::string_view value);
/// A whole number as it is written at its shortest, `7` for ` +07 `; other texts as they are.
std::string shortest_number(std::string_view value);
/// Trimmed, and with one blank for each white space inside, as types other than xs:string have it.
std::string collapsed(std::string_view text);

}  // namespace provlab::settings
