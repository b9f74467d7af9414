#include "sim/lab/contents/http_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/platform/hexadecimal.hpp"
#include "core/platform/text.hpp"

namespace provlab::lab {

namespace {

bool begins_message(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.starts_with("HTTP/1.")) return true;
  const std::size_t blank = line.find(' ');
  if (blank == std::string_view::npos || blank == 0 || blank > 20) return false;
  const bool method = std::ranges::all_of(line.substr(0, blank), is_letter);
  return method && line.find(" HTTP/1.") != std::string_view::npos;
}

std::string_view header(std::string_view head, std::string_view name) {
  for (std::size_t line = head.find('\n'); line != std::string_view::npos;
       line = head.find('\n', line + 1)) {
    const std::string_view rest = head.substr(line + 1);
    if (rest.size() <= name.size() || rest[name.size()] != ':' ||
        !same_ignoring_case(rest.substr(0, name.size()), name)) {
      continue;
    }
    const std::string_view value = rest.substr(name.size() + 1);
    return trimmed(value.substr(0, value.find('\n')));
  }
  return {};
}

std::optional<std::size_t> number_of(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (wrong != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

/// Reads one message after the other.
class Reader {
 public:
  explicit Reader(std::string_view stream) : stream_(stream) {}

  std::vector<HttpText> read() {
    while (place_ < stream_.size() && begins_message(stream_.substr(place_))) read_one();
    return std::move(messages_);
  }

 private:
  std::string_view rest() const { return stream_.substr(place_); }

  void read_one() {
    HttpText& message = messages_.emplace_back();
    message.begin = place_;
    const auto [size, gap] = head_end();
    if (gap == 0) {
      message.head = rest();
      message.note = "The head has no end.";
      place_ = stream_.size();
      return;
    }
    message.head = rest().substr(0, size);
    place_ += size + gap;
    message.compressed = !header(message.head, "content-encoding").empty() &&
                         !same_ignoring_case(header(message.head, "content-encoding"), "identity");
    read_body(message);
  }

  /// Where it ends, and how long the empty line is.
  std::pair<std::size_t, std::size_t> head_end() const {
    const std::string_view text = rest();
    for (std::size_t line = text.find('\n'); line != text.npos; line = text.find('\n', line + 1)) {
      const std::string_view behind = text.substr(line + 1);
      if (behind.starts_with('\n')) return {line, 2};
      const bool strict = line > 0 && text[line - 1] == '\r' && behind.starts_with("\r\n");
      if (strict) return {line - 1, 4};
    }
    return {text.size(), 0};
  }

  void read_body(HttpText& message) {
    const bool answer = message.head.starts_with("HTTP/");
    if (lower(header(message.head, "transfer-encoding")).ends_with("chunked")) {
      return read_chunks(message);
    }
    const auto length = number_of(header(message.head, "content-length"), 10);
    if (!length && !answer) return;
    const std::string_view code =
        message.head.size() > 12 ? std::string_view(message.head).substr(9, 3) : std::string_view();
    if (answer && (code.starts_with('1') || code == "204" || code == "304")) return;
    if (begins_message(rest()) && rest().starts_with("HTTP/")) return;  // it answers a HEAD
    const std::size_t size = std::min(length.value_or(stream_.size()), rest().size());
    message.body = rest().substr(0, size);
    place_ += size;
    if (length && size < *length) {
      message.note = fmt::format("{} of the {} octets announced were sent.", size, *length);
    } else if (length && !rest().empty() && !begins_message(rest())) {
      message.note = fmt::format("{} octets more than announced were sent.", rest().size());
      place_ = stream_.size();
    }
  }

  void read_chunks(HttpText& message) {
    for (std::size_t chunks = 0;; ++chunks) {
      const std::size_t line_end = rest().find('\n');
      const auto size = number_of(rest().substr(0, line_end), 16);
      if (!size || line_end == std::string_view::npos) {
        message.note = fmt::format("{} chunks were sent, and no last one.", chunks);
        place_ = stream_.size();
        return;
      }
      place_ += line_end + 1;
      const std::string_view chunk = rest().substr(0, *size);
      message.body += chunk;
      place_ += chunk.size();
      if (chunk.size() < *size) continue;
      const std::size_t gap = rest().starts_with("\r\n") ? 2 : rest().starts_with('\n') ? 1 : 0;
      place_ += gap;
      if (*size == 0) {
        message.note = fmt::format("It came in {} {}.", chunks, chunks == 1 ? "chunk" : "chunks");
        return;
      }
    }
  }

  std::string_view stream_;
  std::size_t place_ = 0;
  std::vector<HttpText> messages_;
};

void append_utf8(std::string& out, char32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0U | code >> 6);
    out += static_cast<char>(0x80U | (code & 0x3fU));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0U | code >> 12);
    out += static_cast<char>(0x80U | (code >> 6 & 0x3fU));
    out += static_cast<char>(0x80U | (code & 0x3fU));
  } else {
    out += static_cast<char>(0xf0U | code >> 18);
    out += static_cast<char>(0x80U | (code >> 12 & 0x3fU));
    out += static_cast<char>(0x80U | (code >> 6 & 0x3fU));
    out += static_cast<char>(0x80U | (code & 0x3fU));
  }
}

}  // namespace

std::vector<HttpText> http_messages(std::string_view stream) {
  return Reader(stream).read();
}

std::optional<WideOrder> order_of_document(std::string_view text) {
  using namespace std::string_view_literals;
  if (text.starts_with("\xff\xfe"sv) || text.starts_with("<\0"sv)) return WideOrder::little;
  if (text.starts_with("\xfe\xff"sv) || text.starts_with("\0<"sv)) return WideOrder::big;
  return std::nullopt;
}

std::string as_utf8(std::string_view text) {
  const auto order = order_of_document(text);
  if (!order) return std::string(text);
  const auto unit = [&](std::size_t at) -> char32_t {
    const auto first = static_cast<unsigned char>(text[at]);
    const auto second = static_cast<unsigned char>(text[at + 1]);
    return order == WideOrder::little ? static_cast<char32_t>(second << 8 | first)
                                      : static_cast<char32_t>(first << 8 | second);
  };
  std::string out;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    char32_t code = unit(at);
    if (code == 0xfeff) continue;
    const bool pair = code >= 0xd800 && code < 0xdc00 && at + 3 < text.size();
    if (pair) {
      code = 0x10000 + ((code - 0xd800) << 10) + ((unit(at + 2) - 0xdc00) & 0x3ffU);
      at += 2;
    }
    append_utf8(out, code);
  }
  return out;
}

}  // namespace provlab::lab
