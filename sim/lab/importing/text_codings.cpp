#include "sim/lab/importing/text_codings.hpp"

#include <algorithm>

#include "core/platform/hexadecimal.hpp"
#include "core/platform/text.hpp"

namespace provlab::lab {

namespace {

bool is_small_digit(char c) {
  return c >= 'a' && c <= 'f';
}
bool is_capital_digit(char c) {
  return c >= 'A' && c <= 'F';
}

char digit_of(unsigned value, bool capital) {
  if (value < 10) return static_cast<char>('0' + value);
  return static_cast<char>((capital ? 'A' : 'a') + value - 10);
}

std::optional<unsigned> base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a' + 26);
  if (is_digit(c)) return static_cast<unsigned>(c - '0' + 52);
  if (c == '+' || c == '-') return 62U;
  if (c == '/' || c == '_') return 63U;
  return std::nullopt;
}

char base64_letter(unsigned value, bool for_urls) {
  if (value < 26) return static_cast<char>('A' + value);
  if (value < 52) return static_cast<char>('a' + value - 26);
  if (value < 62) return static_cast<char>('0' + value - 52);
  return value == 62 ? (for_urls ? '-' : '+') : (for_urls ? '_' : '/');
}

}  // namespace

Unit unit_at(std::string_view text, std::size_t at) {
  if (text[at] != '%' || at + 2 >= text.size()) return {.octet = text[at]};
  const auto high = hexadecimal_digit(text[at + 1]);
  const auto low = hexadecimal_digit(text[at + 2]);
  if (!high || !low) return {.octet = text[at]};
  return {.octet = static_cast<char>(*high * 16 + *low),
          .size = 3,
          .capital = !is_small_digit(text[at + 1]) && !is_small_digit(text[at + 2])};
}

std::string escape(char octet, bool capital) {
  const auto value = static_cast<unsigned char>(octet);
  return {'%', digit_of(value >> 4U, capital), digit_of(value & 15U, capital)};
}

std::optional<std::string> from_hex(std::string_view word) {
  constexpr std::size_t kLeast = 8;
  if (word.size() < kLeast || word.size() % 2 != 0) return std::nullopt;
  if (std::ranges::any_of(word, is_small_digit) && std::ranges::any_of(word, is_capital_digit)) {
    return std::nullopt;
  }
  std::string octets;
  for (std::size_t at = 0; at < word.size(); at += 2) {
    const auto high = hexadecimal_digit(word[at]);
    const auto low = hexadecimal_digit(word[at + 1]);
    if (!high || !low) return std::nullopt;
    octets += static_cast<char>(*high * 16 + *low);
  }
  return octets;
}

std::string as_hex(std::string_view text, std::string_view like) {
  const bool capital = std::ranges::any_of(like, is_capital_digit);
  std::string out;
  for (const char c : text) out += escape(c, capital).substr(1);
  return out;
}

std::size_t base64_run(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && base64_value(text[size])) ++size;
  for (int padding = 0; padding < 2 && size < text.size() && text[size] == '='; ++padding) ++size;
  return size;
}

std::optional<std::string> from_base64(std::string_view run) {
  constexpr std::size_t kLeast = 8;
  if (run.size() < kLeast || (run.ends_with('=') && run.size() % 4 != 0)) return std::nullopt;
  while (run.ends_with('=')) run.remove_suffix(1);
  if (run.size() % 4 == 1) return std::nullopt;
  std::string octets;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : run) {
    const auto value = base64_value(c);
    if (!value) return std::nullopt;
    bits = bits << 6U | *value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets += static_cast<char>(bits >> count);
  }
  // Another encoder would have written other letters.
  if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;
  return octets;
}

std::string as_base64(std::string_view text, std::string_view like) {
  const bool for_urls = like.find_first_of("-_") != like.npos;
  std::string out;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    bits = bits << 8U | static_cast<unsigned char>(c);
    for (count += 8; count >= 6;) {
      count -= 6;
      out += base64_letter(bits >> count & 63U, for_urls);
    }
  }
  if (count > 0) out += base64_letter(bits << (6 - count) & 63U, for_urls);
  if (like.ends_with('=')) out.append((4 - out.size() % 4) % 4, '=');
  return out;
}

std::optional<WideOrder> order_of_wide(std::string_view text) {
  if (text.size() < 4 || text.size() % 2 != 0) return std::nullopt;
  for (const WideOrder order : {WideOrder::little, WideOrder::big}) {
    bool every = true;
    for (std::size_t at = order == WideOrder::little ? 1 : 0; at < text.size(); at += 2) {
      every = every && text[at] == '\0' && text[at ^ 1U] != '\0';
    }
    if (every) return order;
  }
  return std::nullopt;
}

std::string narrowed(std::string_view wide, WideOrder order) {
  std::string out;
  for (std::size_t at = order == WideOrder::little ? 0 : 1; at < wide.size(); at += 2) {
    out += wide[at];
  }
  return out;
}

std::string widened(std::string_view narrow, WideOrder order) {
  std::string out;
  for (const char c : narrow) {
    out += order == WideOrder::little ? c : '\0';
    out += order == WideOrder::little ? '\0' : c;
  }
  return out;
}

std::string as_utf16(std::string_view text, WideOrder order, bool marked) {
  std::string out;
  const auto put = [&](unsigned unit) {
    const char high = static_cast<char>(unit >> 8);
    const char low = static_cast<char>(unit);
    out += order == WideOrder::little ? low : high;
    out += order == WideOrder::little ? high : low;
  };
  if (marked) put(0xfeff);
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<unsigned char>(text[at]);
    const std::size_t more = first < 0xc0 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    unsigned code = more == 0 ? first : first & (0x3fU >> more);
    for (std::size_t i = 1; i <= more && at + i < text.size(); ++i) {
      code = code << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fU);
    }
    at += more + 1;
    if (code < 0x10000) {
      put(code);
    } else {
      put(0xd800 + ((code - 0x10000) >> 10));
      put(0xdc00 + ((code - 0x10000) & 0x3ff));
    }
  }
  return out;
}

}  // namespace provlab::lab
