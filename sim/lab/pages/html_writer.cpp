#include "sim/lab/pages/html_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <stdexcept>

namespace provlab::lab {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// The length of the UTF-8 character at the front of `text` that XML can hold; 0 where there is
/// none.
std::size_t character_length(std::string_view text) {
  const auto octet = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned lead = octet(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
  if (length <= 1) {
    const bool holds = lead >= 0x20 ? lead != 0x7f : lead == '\n' || lead == '\t';
    return length == 1 && holds ? 1 : 0;
  }
  std::uint32_t code = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((octet(i) & 0xc0U) != 0x80U) return 0;
    code = code << 6 | (octet(i) & 0x3fU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool forbidden = (code >= 0xd800 && code < 0xe000) || code == 0xfffe || code == 0xffff ||
                         code > 0x10ffff || (code >= 0x80 && code < 0xa0);
  return overlong || forbidden ? 0 : length;
}

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    switch (text[0]) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += length == 0 ? kReplacement : text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string seconds_text(Duration at) {
  const auto microseconds = std::chrono::round<std::chrono::microseconds>(at).count();
  std::string text = fmt::format("{}.{:06}", microseconds / 1'000'000, microseconds % 1'000'000);
  const std::size_t least = text.size() - 3;
  while (text.size() > least && text.back() == '0') text.pop_back();
  return text + " s";
}

void HtmlWriter::start(std::string_view element, Attributes attributes) {
  out_ += '<';
  out_ += element;
  for (const auto& [name, value] : attributes) {
    if (value.data() == nullptr) continue;
    out_ += fmt::format(" {}=\"{}\"", name, html_escaped(value));
  }
}

void HtmlWriter::open(std::string_view element, Attributes attributes) {
  start(element, attributes);
  out_ += '>';
  open_.emplace_back(element);
}

void HtmlWriter::close() {
  if (open_.empty()) throw std::logic_error("no element is open");
  out_ += fmt::format("</{}>", open_.back());
  open_.pop_back();
}

void HtmlWriter::text(std::string_view text) {
  out_ += html_escaped(text);
}

void HtmlWriter::element(std::string_view element, std::string_view text, Attributes attributes) {
  open(element, attributes);
  this->text(text);
  close();
}

void HtmlWriter::empty(std::string_view element, Attributes attributes) {
  start(element, attributes);
  out_ += "/>";
}

std::string HtmlWriter::take() {
  if (!open_.empty()) throw std::logic_error("an element is still open: " + open_.back());
  return std::move(out_);
}

}  // namespace provlab::lab
