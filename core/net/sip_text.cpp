#include "core/net/sip_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/platform/text.hpp"

namespace provlab::net {

namespace {

/// Which octets a token is made of.
constexpr std::array<bool, 256> kTokenCharacters = [] {
  std::array<bool, 256> table{};
  for (unsigned char c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned char c = 'a'; c <= 'z'; ++c) table[c] = true;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) table[c] = true;
  for (const unsigned char c : std::string_view("-.!%*_+`'~")) table[c] = true;
  return table;
}();

/// Walks over a header value and knows what stands inside quotes and <…>.
class Nesting {
 public:
  /// Takes the next character; true where it stands outside and is none of the marks itself.
  bool outside(char c) {
    if (escaped_) {
      escaped_ = false;
      return false;
    }
    if (quoted_) {
      if (c == '\\') escaped_ = true;
      if (c == '"') quoted_ = false;
      return false;
    }
    if (c == '"' && !angled_) {
      quoted_ = true;
      return false;
    }
    if (c == '<' && !angled_) {
      angled_ = true;
      return false;
    }
    if (c == '>') {
      stray_ = stray_ || !angled_;
      angled_ = false;
      return false;
    }
    return !angled_;
  }
  bool closed() const { return !quoted_ && !angled_ && !stray_; }

 private:
  bool quoted_ = false;
  bool angled_ = false;
  bool escaped_ = false;
  bool stray_ = false;
};

std::size_t find_outside(std::string_view text, char wanted) {
  // Most values hold no quotes and brackets before what is wanted.
  const std::size_t first = text.find(wanted);
  if (first == std::string_view::npos) return first;
  const std::string_view before = text.substr(0, first);
  const auto in_it = [&](char mark) { return before.find(mark) != std::string_view::npos; };
  if (!in_it('"') && !in_it('<') && !in_it('>')) return first;
  Nesting nesting;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (nesting.outside(text[i]) && text[i] == wanted) return i;
  }
  return std::string_view::npos;
}

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::string(text);
  text = text.substr(1, text.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

}  // namespace

bool sip_is_token(std::string_view text) {
  for (const char c : text) {
    if (!kTokenCharacters[static_cast<unsigned char>(c)]) return false;
  }
  return !text.empty();
}

bool sip_has_control_character(std::string_view text) {
  // Most texts hold none at all, whatever stands in quotes.
  const auto any = [](unsigned char octet) { return octet < 0x20 || octet == 0x7f; };
  if (std::ranges::none_of(text, any)) return false;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pair = quoted && text[i] == '\\' && i + 1 < text.size();
    if (pair) ++i;
    const auto octet = static_cast<unsigned char>(text[i]);
    const bool line_end = octet == '\r' || octet == '\n';
    const bool control = (octet < 0x20 && octet != '\t') || octet == 0x7f;
    if (line_end || (control && !pair)) return true;
    if (octet == '"' && !pair) quoted = !quoted;
  }
  return false;
}

bool sip_is_balanced(std::string_view text) {
  Nesting nesting;
  for (const char c : text) nesting.outside(c);
  return nesting.closed();
}

std::vector<std::string_view> sip_split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const std::size_t end = find_outside(text, separator);
    pieces.push_back(trimmed(text.substr(0, end), kBlanks));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::string> sip_parameter(std::string_view header_value, std::string_view name) {
  std::size_t next = find_outside(header_value, ';');
  while (next != std::string_view::npos) {
    header_value.remove_prefix(next + 1);
    next = find_outside(header_value, ';');
    const std::string_view parameter = header_value.substr(0, next);
    const std::size_t equals = parameter.find('=');
    if (!same_ignoring_case(trimmed(parameter.substr(0, equals), kBlanks), name)) continue;
    if (equals == std::string_view::npos) return std::string();
    return unquoted(trimmed(parameter.substr(equals + 1), kBlanks));
  }
  return std::nullopt;
}

std::string_view sip_first_piece(std::string_view text, char separator) {
  return trimmed(text.substr(0, find_outside(text, separator)), kBlanks);
}

std::string_view sip_value(std::string_view header_value) {
  return sip_first_piece(header_value, ';');
}

std::string_view sip_long_name(std::string_view name) {
  // RFC 3261 20, RFC 6665 8.4, RFC 3515, 3841, 3892, 4028, 4474 (the registry of IANA).
  static constexpr std::array<std::pair<char, std::string_view>, 18> kCompact{{
      {'a', "Accept-Contact"},
      {'b', "Referred-By"},
      {'c', "Content-Type"},
      {'d', "Request-Disposition"},
      {'e', "Content-Encoding"},
      {'f', "From"},
      {'i', "Call-ID"},
      {'j', "Reject-Contact"},
      {'k', "Supported"},
      {'l', "Content-Length"},
      {'m', "Contact"},
      {'o', "Event"},
      {'r', "Refer-To"},
      {'s', "Subject"},
      {'t', "To"},
      {'u', "Allow-Events"},
      {'v', "Via"},
      {'x', "Session-Expires"},
  }};
  if (name.size() != 1) return name;
  for (const auto& [letter, full] : kCompact) {
    if (lower(name[0]) == letter) return full;
  }
  return name;
}

}  // namespace provlab::net
