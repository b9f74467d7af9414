#include "core/platform/json_members.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstring>

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
  for (unsigned c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

/// Octets above 0x7f pass as they are where they form UTF-8; others become U+FFFD.
std::size_t utf8_length(std::string_view text) {
  const auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (at(i) & 0xc0) == 0x80; };
  const unsigned lead = at(0);
  if (lead >= 0xc2 && lead <= 0xdf && follows(1)) return 2;
  if (lead >= 0xe0 && lead <= 0xef && follows(1) && follows(2) && !(lead == 0xe0 && at(1) < 0xa0) &&
      !(lead == 0xed && at(1) >= 0xa0)) {
    return 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4 && follows(1) && follows(2) && follows(3) &&
      !(lead == 0xf0 && at(1) < 0x90) && !(lead == 0xf4 && at(1) >= 0x90)) {
    return 4;
  }
  return 0;
}

constexpr std::size_t kEscapedOctets = 6;  // the most that one octet becomes: \ufffd

/// `out` must have room for kEscapedOctets for each octet of `value`.
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
    } else if (c < 0x20) {
      out = fmt::format_to(out, "\\u{:04x}", c);
    } else if (const std::size_t length = utf8_length(value); length > 0) {
      taken = length;
      out = put(out, value.substr(0, taken));
    } else {
      out = put(out, "\\ufffd");
    }
  }
  return out;
}

}  // namespace

void TextBuffer::grow(std::size_t octets) {
  constexpr std::size_t kFirst = std::size_t{8} << 10;
  storage_.resize_and_overwrite(std::max({kFirst, storage_.size() * 2, size_ + octets}),
                                [](char*, std::size_t allocated) { return allocated; });
}

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

bool is_ascii(std::string_view text) {
  std::uint64_t all = 0;
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    all |= word;
  }
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return (all & 0x8080808080808080U) == 0;
}

std::string clean_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const bool ascii = static_cast<unsigned char>(text[0]) < 0x80;
    const std::size_t length = ascii ? 1 : utf8_length(text);
    out += length > 0 ? text.substr(0, length) : std::string_view("\ufffd");
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace provlab
