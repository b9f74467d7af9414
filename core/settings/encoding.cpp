#include "core/settings/encoding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "core/platform/text.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

namespace {

enum class Encoding { utf8, latin1, unknown };

Encoding encoding_named(std::string_view name) {
  for (const std::string_view known : {"UTF-8", "UTF8", "US-ASCII", "ASCII"}) {
    if (same_ignoring_case(name, known)) return Encoding::utf8;
  }
  for (const std::string_view known :
       {"ISO-8859-1", "ISO8859-1", "ISO_8859-1", "LATIN1", "LATIN-1", "L1"}) {
    if (same_ignoring_case(name, known)) return Encoding::latin1;
  }
  return Encoding::unknown;
}

struct Declaration {
  std::string_view encoding;  // empty where none is declared
  bool sloppy = false;        // not written as XML wants it; then what it declares does not count
};

/// What the XML declaration says about the encoding.
Expected<Declaration> read_declaration(std::string_view text) {
  Declaration declaration;
  text = text.substr(std::min(text.size(), text.find_first_not_of(kWhiteSpace)));
  if (!text.starts_with("<?xml") || text.size() < 6 || !is_blank(text.substr(5, 1))) {
    return declaration;
  }
  const std::size_t end = text.find("?>");
  if (end == std::string_view::npos) return fail("the XML declaration has no end, '?>'", "line 1");
  std::string_view rest = trimmed(text.substr(5, end - 5));
  while (!rest.empty()) {
    const std::size_t equals = rest.find('=');
    const std::string_view name = trimmed(rest.substr(0, equals));
    rest = equals == std::string_view::npos ? std::string_view() : trimmed(rest.substr(equals + 1));
    const char quote = rest.empty() ? '\0' : rest[0];
    const std::size_t close = rest.empty() ? std::string_view::npos : rest.find(quote, 1);
    if ((quote != '"' && quote != '\'') || close == std::string_view::npos) {
      return Declaration{{}, true};
    }
    if (name == "encoding") {
      if (!declaration.encoding.empty()) {
        return fail("the XML declaration names an encoding twice", "line 1");
      }
      declaration.encoding = trimmed(rest.substr(1, close - 1));
    }
    rest = trimmed(rest.substr(close + 1));
  }
  return declaration;
}

/// The charset of a Content-Type header; empty where there is none.
std::string_view charset_of(std::string_view content_type) {
  for (std::size_t at = content_type.find(';'); at != std::string_view::npos;
       at = content_type.find(';', at + 1)) {
    std::string_view parameter = trimmed(content_type.substr(at + 1));
    if (parameter.size() < 8 || !same_ignoring_case(parameter.substr(0, 8), "charset=")) continue;
    parameter = trimmed(parameter.substr(8, parameter.find(';') - 8));
    if (parameter.size() >= 2 && parameter.front() == '"' && parameter.back() == '"') {
      parameter = parameter.substr(1, parameter.size() - 2);
    }
    return parameter;
  }
  return {};
}

bool allowed_control(unsigned char c) {
  return c == '\t' || c == '\n' || c == '\r';
}

std::unexpected<Error> refuse_control(unsigned char c, std::size_t offset) {
  return fail(fmt::format("control character 0x{:02X}, which XML does not allow", c),
              fmt::format("offset {}", offset));
}

/// Octets of the UTF-8 sequence at `at`, 0 where it is invalid: overlong, surrogate, beyond
/// U+10FFFF, or cut short (RFC 3629).
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto octet = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto continues = [&](std::size_t i) { return (octet(i) & 0xc0U) == 0x80U; };
  const unsigned lead = octet(0);
  if (lead >= 0xc2 && lead <= 0xdf) return continues(1) ? 2 : 0;
  if (lead >= 0xe0 && lead <= 0xef) {
    if (!continues(1) || !continues(2)) return 0;
    if (lead == 0xe0 && octet(1) < 0xa0) return 0;
    if (lead == 0xed && octet(1) > 0x9f) return 0;
    return 3;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    if (lead == 0xf0 && octet(1) < 0x90) return 0;
    if (lead == 0xf4 && octet(1) > 0x8f) return 0;
    return 4;
  }
  return 0;
}

/// Whether `rest` is the beginning of one UTF-8 sequence and nothing else.
bool is_cut_short(std::string_view rest) {
  const auto lead = static_cast<unsigned char>(rest[0]);
  const std::size_t whole = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  return lead >= 0xc2 && lead <= 0xf4 && rest.size() < whole &&
         std::ranges::all_of(rest.substr(1), [](char c) { return (c & 0xc0) == 0x80; });
}

/// Whether the eight octets at `at` are all plain: ASCII and no control character.
bool plain_word(std::string_view text, std::size_t at) {
  std::uint64_t word = 0;
  std::memcpy(&word, text.data() + at, 8);
  constexpr std::uint64_t kHigh = 0x8080808080808080U;
  constexpr std::uint64_t kSpaces = 0x2020202020202020U;
  return ((word | (word - kSpaces)) & kHigh) == 0;
}

Expected<void> check_utf8(std::string_view text, std::size_t first_offset) {
  for (std::size_t at = 0; at < text.size();) {
    if (at + 8 <= text.size() && plain_word(text, at)) {
      at += 8;
      continue;
    }
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x80) {
      if (c < 0x20 && !allowed_control(c)) return refuse_control(c, first_offset + at);
      ++at;
      continue;
    }
    const std::size_t length = sequence_length(text, at);
    const std::string where = length == 0 ? fmt::format("offset {}", first_offset + at) : "";
    if (length == 0 && is_cut_short(text.substr(at))) {
      return fail("invalid UTF-8: the document ends in the middle of a character", where);
    }
    if (length == 0) {
      return fail(fmt::format("invalid UTF-8 (octet 0x{:02X}); save the document as UTF-8 or "
                              "declare encoding=\"ISO-8859-1\"",
                              c),
                  where);
    }
    const std::string_view sequence = text.substr(at, length);
    if (sequence == "\xEF\xBF\xBE" || sequence == "\xEF\xBF\xBF") {
      return fail("character U+FFFE or U+FFFF, which XML does not allow",
                  fmt::format("offset {}", first_offset + at));
    }
    at += length;
  }
  return {};
}

Expected<std::string> from_latin1(std::string_view text, std::size_t first_offset) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x20 && !allowed_control(c)) return refuse_control(c, first_offset + at);
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (c < 0xa0) {
      return fail(fmt::format("octet 0x{:02X} is a control character in ISO-8859-1 (was "
                              "Windows-1252 meant?); save the document as UTF-8",
                              c),
                  fmt::format("offset {}", first_offset + at));
    } else {
      out += static_cast<char>(0xc0U | (c >> 6));
      out += static_cast<char>(0x80U | (c & 0x3fU));
    }
  }
  return out;
}

bool looks_like_utf16(std::string_view bytes) {
  using namespace std::string_view_literals;
  for (const std::string_view start : {"\xFF\xFE"sv, "\xFE\xFF"sv, "<\0"sv, "\0<"sv, "\0\0"sv}) {
    if (bytes.starts_with(start)) return true;
  }
  return false;
}

}  // namespace

Expected<DecodedText> decode(std::string_view bytes, std::string_view content_type) {
  if (looks_like_utf16(bytes)) {
    return fail("the document is UTF-16 or UTF-32; save it as UTF-8", "offset 0");
  }
  DecodedText decoded;
  const bool marked = bytes.starts_with("\xEF\xBB\xBF");
  const std::size_t skipped = marked ? 3 : 0;
  decoded.given = bytes.substr(skipped);

  const auto declaration = read_declaration(decoded.given);
  if (!declaration) return std::unexpected(declaration.error());
  if (declaration->sloppy) {
    decoded.warnings.emplace_back("the XML declaration is malformed and passed over");
  }
  const bool from_header = declaration->encoding.empty();
  const std::string_view label = from_header ? charset_of(content_type) : declaration->encoding;
  Encoding encoding = label.empty() ? Encoding::utf8 : encoding_named(label);
  if (encoding == Encoding::unknown) {
    decoded.warnings.push_back(fmt::format("encoding '{}'{} is not known: read as UTF-8",
                                           shortened(label),
                                           from_header ? " of the content type" : ""));
  }
  if (encoding == Encoding::latin1 && marked) {
    decoded.warnings.push_back(fmt::format(
        "declared as {}, but begins with the byte-order mark of UTF-8: read as UTF-8", label));
    encoding = Encoding::utf8;
  }
  if (encoding == Encoding::latin1) {
    auto converted = from_latin1(decoded.given, skipped);
    if (!converted) return std::unexpected(std::move(converted.error()));
    decoded.converted = std::move(*converted);
    return decoded;
  }
  if (auto checked = check_utf8(decoded.given, skipped); !checked) {
    return std::unexpected(std::move(checked.error()));
  }
  return decoded;
}

Expected<void> check_text(std::string_view text) {
  return check_utf8(text, 0);
}

}  // namespace provlab::settings
