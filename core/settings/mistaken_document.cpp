#include "core/settings/mistaken_document.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/platform/text.hpp"
#include "core/platform/utf8.hpp"

namespace provlab::settings {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::size_t kFarEnough = 4096;  // to know a page by its beginning
constexpr std::size_t kMostQuoted = 100;

/// What nobody sees in an editor.
struct Invisible {
  std::string_view octets;
  std::string_view name;
};
constexpr auto kInvisible = std::to_array<Invisible>({
    {kByteOrderMark, "U+FEFF"},
    {"\xe2\x80\x8b", "U+200B"},
    {"\xe2\x80\x8c", "U+200C"},
    {"\xe2\x80\x8d", "U+200D"},
    {"\xe2\x80\x8e", "U+200E"},
    {"\xe2\x80\x8f", "U+200F"},
    {"\xe2\x81\xa0", "U+2060"},
    {"\xc2\xa0", "U+00A0"},
    {"\xc2\xad", "U+00AD"},
    {"\f", "U+000C"},
    {"\v", "U+000B"},
    {"\x1a", "U+001A"},
});

/// The text behind white space and at most one byte-order mark.
std::string_view beginning(std::string_view bytes) {
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  return bytes.substr(std::min(bytes.find_first_not_of(kWhiteSpace), bytes.size()));
}

/// Behind the XML declaration and comments too.
std::string_view behind_prolog(std::string_view text) {
  for (;;) {
    const std::string_view end = text.starts_with("<?xml")  ? "?>"
                                 : text.starts_with("<!--") ? "-->"
                                                            : "";
    if (end.empty()) return text;
    const std::size_t at = text.find(end);
    if (at == std::string_view::npos) return text;
    text = beginning(text.substr(at + end.size()));
  }
}

/// Text without tags, on one line.
std::string without_tags(std::string_view text) {
  std::string out;
  bool in_tag = false;
  for (const char c : text) {
    if (c == '<') in_tag = true;
    if (!in_tag) out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    if (c == '>') in_tag = false;
  }
  return printable(clean_utf8(shortened(trimmed(out), kMostQuoted)), Escaped::controls);
}

/// A message that PHP writes into its output, as HTML or plain: `<b>Warning</b>:  …`.
std::optional<std::string> message_of_script(std::string_view bytes) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"Warning", "Notice", "Deprecated", "Fatal error", "Parse error"});
  for (const std::string_view word : kWords) {
    std::size_t at = bytes.find(fmt::format("<b>{}</b>:", word));
    if (at == std::string_view::npos && beginning(bytes).starts_with(fmt::format("{}: ", word))) {
      at = bytes.find(word);
    }
    if (at == std::string_view::npos) continue;
    const std::string_view rest = bytes.substr(at);
    return without_tags(rest.substr(0, rest.find_first_of("\r\n")));
  }
  return std::nullopt;
}

bool is_page(std::string_view bytes, std::string_view content_type) {
  const std::string_view text = behind_prolog(beginning(bytes)).substr(0, kFarEnough);
  const std::string page = lower(text);
  const auto begins = [&](std::string_view with) { return page.starts_with(with); };
  if (begins("<!doctype html") || begins("<html") || begins("<head") || begins("<body"))
    return true;
  const std::string type = lower(trimmed(content_type.substr(0, content_type.find(';')), kBlanks));
  if (type != "text/html" && type != "application/xhtml+xml") return false;
  return !begins("<") || page.find("<html") != std::string::npos ||
         page.find("<body") != std::string::npos;
}

std::string title_of_page(std::string_view bytes) {
  const std::string page = lower(bytes.substr(0, kFarEnough));
  const std::size_t tag = page.find("<title");
  const std::size_t begin = tag == std::string::npos ? tag : page.find('>', tag);
  if (begin == std::string::npos) return {};
  const std::size_t end = page.find("</title", begin);
  if (end == std::string::npos) return {};
  const std::string title = without_tags(bytes.substr(begin + 1, end - begin - 1));
  return title.empty() ? title : fmt::format(" titled '{}'", title);
}

/// The invisible characters between the beginning and a first `<`, by their names; empty where
/// others, or none, stand there.
std::string invisible_before(std::string_view bytes) {
  std::string names;
  std::string_view rest = beginning(bytes);
  while (!rest.empty() && rest.front() != '<') {
    const auto* const known = std::ranges::find_if(
        kInvisible, [&](const Invisible& one) { return rest.starts_with(one.octets); });
    if (known == kInvisible.end()) return {};
    if (names.find(known->name) == std::string::npos) {
      names += names.empty() ? "" : ", ";
      names += known->name;
    }
    rest = rest.substr(known->octets.size());
    rest = rest.substr(std::min(rest.find_first_not_of(kWhiteSpace), rest.size()));
  }
  return rest.empty() ? std::string() : names;
}

}  // namespace

std::optional<std::string> mistaken_for_document(std::string_view bytes,
                                                 std::string_view content_type) {
  const std::string_view text = beginning(bytes);
  if (text.starts_with("<?php") || text.starts_with("<?=")) {
    return "it is the source of a PHP script; let the web server run the script instead of sending "
           "it";
  }
  if (const auto message = message_of_script(bytes)) {
    return fmt::format(
        "a script on the server put a message of its own into it: '{}'; correct the "
        "script, or keep its messages out of its output",
        *message);
  }
  if (is_page(bytes, content_type)) {
    return fmt::format(
        "it is a web page{}, not a provisioning document, perhaps the login page of "
        "the network or of the server; open the URL in a browser to see it, and let "
        "the phone through without a login",
        title_of_page(bytes));
  }
  if (bytes.starts_with("\x1f\x8b")) {
    return "it is compressed (gzip); let the server send the file as it is";
  }
  if (text.starts_with('{') || text.starts_with('[')) {
    return "it is JSON; provisioning documents are XML";
  }
  if (const std::string names = invisible_before(bytes); !names.empty()) {
    return fmt::format(
        "invisible characters ({}) stand before its first element; save it without "
        "them",
        names);
  }
  return std::nullopt;
}

}  // namespace provlab::settings
