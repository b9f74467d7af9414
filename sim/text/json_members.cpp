#include "sim/text/json_members.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstring>

#include "core/platform/utf8.hpp"
#include "sim/text/visible.hpp"

namespace provlab {

namespace {

constexpr std::size_t kIntegerOctets = 20;  // the longest of 64 bits, with its sign

char* put(char* out, std::string_view text) {
  return std::copy_n(text.data(), text.size(), out);
}

template <std::size_t N>
char* put(char* out, const char (&literal)[N]) {
  std::memcpy(out, literal, N - 1);
  return out + N - 1;
}

/// What stands for itself in a JSON string.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (unsigned c = 0x20; c < 0x7f; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

constexpr std::size_t kEscapedOctets = 6;  // the most that one octet becomes: \ufffd

char* put_unit(char* out, std::uint32_t unit) {
  return fmt::format_to(out, "\\u{:04x}", unit);
}

/// A character as escapes of its UTF-16: one, or a pair.
char* put_code(char* out, char32_t code) {
  if (code < 0x10000) return put_unit(out, code);
  const std::uint32_t rest = code - 0x10000;
  return put_unit(put_unit(out, 0xd800 + (rest >> 10)), 0xdc00 + (rest & 0x3ff));
}

/// `out` must have room for kEscapedOctets for each octet of `value`. Hidden characters are
/// escaped, so that a trace can be looked at on a terminal; what is no UTF-8 becomes U+FFFD.
char* put_escaped(char* out, std::string_view value) {
  std::size_t taken = 1;
  for (; !value.empty(); value.remove_prefix(taken)) {
    const auto c = static_cast<unsigned char>(value[0]);
    taken = 1;
    if (kPlain[c]) {
      *out++ = value[0];
    } else if (c == '"' || c == '\\') {
      *out++ = '\\';
      *out++ = value[0];
    } else if (c == '\n') {
      out = put(out, "\\n");
    } else {
      const FrontCharacter front = front_character(value);
      taken = front.octets;
      if (!front.whole) {
        out = put(out, "\\ufffd");
      } else if (is_hidden(front.code)) {
        out = put_code(out, front.code);
      } else {
        out = put(out, value.substr(0, taken));
      }
    }
  }
  return out;
}

}  // namespace

char* JsonMembers::name(std::string_view key, std::size_t octets) {
  char* out = out_.room(key.size() + octets + 4);
  out = put(put(put(out, ",\""), key), "\":");
  return out;
}

void JsonMembers::operator()(std::string_view key, std::string_view value) {
  char* out = name(key, value.size() * kEscapedOctets + 2);
  out_.wrote(put(put_escaped(put(out, "\""), value), "\""));
}

void JsonMembers::operator()(std::string_view key, bool value) {
  out_.wrote(put(name(key, 5), std::string_view(value ? "true" : "false")));
}

void JsonMembers::integer(std::string_view key, std::int64_t value) {
  char* out = name(key, kIntegerOctets);
  out_.wrote(std::to_chars(out, out + kIntegerOctets, value).ptr);
}

void JsonMembers::operator()(std::string_view key, Ipv4Address value) {
  char* out = put(name(key, Ipv4Address::kTextOctets + 2), "\"");
  out_.wrote(put(value.write_to(out), "\""));
}

void JsonMembers::operator()(std::string_view key, Endpoint value) {
  char* out = put(name(key, Endpoint::kTextOctets + 2), "\"");
  out_.wrote(put(value.write_to(out), "\""));
}

}  // namespace provlab
