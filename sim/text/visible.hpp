#pragma once
#include <fmt/format.h>

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

/// Text from outside, as it may be shown. What a server, a file or a command line says can hold
/// characters that a terminal obeys, that turn the direction of what stands beside them, or that
/// nobody sees. Every text that the program puts out passes through here once, at the border:
///
///  1. Controls (C0, DEL, C1) below U+0080 and octets that are no UTF-8 are shown as `\x1b`.
///  2. Other controls, format characters (Unicode's Cf: bidi marks, joiners, tags), separators of
///     lines and paragraphs, what is ignored by default, and noncharacters as `\u{202e}`.
///  3. All else stays. A backslash does too, so that what is shown twice is shown as once.
namespace provlab {

/// Whether a character is one of those of 1. and 2.
bool is_hidden(char32_t code);

/// What may stay of them.
enum class Layout {
  one_line,  ///< nothing: a line remains a line
  lines,     ///< ends of lines, and tabs
  markup,    ///< the same of XML; a hidden character becomes `&#x202e;`, so that it means the same
};
std::string visible(std::string_view text, Layout layout = Layout::one_line);

/// What stands for an argument of shown(): its text, made visible. Numbers are their own.
template <class T>
using Shown = std::conditional_t<std::is_arithmetic_v<T>, T, std::string>;

template <class T>
Shown<T> shown_argument(const T& value) {
  if constexpr (std::is_arithmetic_v<T>) {
    return value;
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    return visible(value);
  } else {
    return visible(fmt::vformat("{}", fmt::make_format_args(value)));
  }
}

/// fmt::format for people: the format is the program's own, arguments that are text come from
/// anywhere and are made visible, one line each.
template <class... Args>
std::string shown(fmt::format_string<Shown<Args>...> format, const Args&... args) {
  return fmt::format(format, shown_argument(args)...);
}

}  // namespace provlab
