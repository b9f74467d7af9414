#pragma once
#include <algorithm>
#include <string>
#include <string_view>

/// Small tools for text. All of them see octets; letters are those of ASCII, whatever the locale.
namespace provlab {

inline constexpr std::string_view kWhiteSpace = " \t\r\n";  ///< of XML, and around a URL
inline constexpr std::string_view kBlanks = " \t";          ///< within a line of SIP or HTTP

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
std::string lower(std::string_view text);

/// Equality without regard to the case of letters.
constexpr bool same_ignoring_case(std::string_view a, std::string_view b) {
  const auto fold = [](char c) { return lower(c); };
  return a.size() == b.size() && std::ranges::equal(a, b, {}, fold, fold);
}

/// The text without characters of `set` at its ends.
constexpr std::string_view trimmed(std::string_view text, std::string_view set = kWhiteSpace) {
  const auto in_set = [set](char c) { return std::ranges::find(set, c) != set.end(); };
  while (!text.empty() && in_set(text.front())) text.remove_prefix(1);
  while (!text.empty() && in_set(text.back())) text.remove_suffix(1);
  return text;
}

/// What printable() writes as \xNN.
enum class Escaped {
  controls,       ///< control characters
  all_but_ascii,  ///< and what is no ASCII: for text of unknown encoding
};
/// A text as it can stand in a sentence; of a longer one the first 200 octets, and `…`.
std::string printable(std::string_view text, Escaped what);

/// Puts `to` in every place of `from`, which is not empty; what is put in is not searched again.
inline void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

/// A text for a message, so that hostile input does not flood the trace: of a longer one the first
/// `most` octets, no UTF-8 character cut in two, and `…`.
std::string shortened(std::string_view text, std::size_t most = 60);

}  // namespace provlab
