#include "core/net/http_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/net/sip_text.hpp"
#include "core/platform/text.hpp"

namespace provlab::net {

namespace {

std::optional<std::uint64_t> decimal(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

void keep_first(std::string& known, std::string_view value) {
  if (known.empty()) known = value;
}

}  // namespace

bool is_encoded(std::string_view codings) {
  return std::ranges::any_of(sip_split(codings, ','), [](std::string_view coding) {
    return !coding.empty() && !same_ignoring_case(coding, "identity");
  });
}

Expected<void> HttpHead::take(std::string_view line) {
  line = line.substr(0, line.find_last_not_of("\r\n") + 1);
  if (line.starts_with(' ') || line.starts_with('\t')) {
    folded_ = true;
    pending_.append(" ").append(trimmed(line, kBlanks));
    return {};
  }
  Expected<void> noted = note(pending_);
  pending_ = line;
  folded_ = false;
  return noted;
}

Expected<void> HttpHead::note(std::string_view field) {
  const std::size_t colon = field.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view name = field.substr(0, colon);
  const std::string_view value = trimmed(field.substr(colon + 1), kBlanks);
  if (same_ignoring_case(name, "content-type")) {
    keep_first(fields_.content_type, value);
  } else if (same_ignoring_case(name, "location")) {
    keep_first(fields_.location, value);
  } else if (same_ignoring_case(name, "content-encoding")) {
    if (!fields_.content_encoding.empty() && !value.empty()) fields_.content_encoding += ", ";
    fields_.content_encoding += value;
  } else if (same_ignoring_case(name, "content-length")) {
    return note_lengths(value);
  } else if (same_ignoring_case(name, "transfer-encoding")) {
    // libcurl, which takes the body apart, has read the first line only.
    if (folded_) return fail("its Transfer-Encoding goes on in a second line");
    return note_transfer_codings(value);
  }
  return {};
}

Expected<void> HttpHead::note_lengths(std::string_view lengths) {
  for (const std::string_view text : sip_split(lengths, ',')) {
    const auto length = decimal(text);
    if (!length) return fail("its Content-Length is no number");
    if (length_ && *length_ != *length) {
      return fail(fmt::format("its Content-Length is both {} and {}", *length_, *length));
    }
    length_ = length;
  }
  return {};
}

Expected<void> HttpHead::note_transfer_codings(std::string_view codings) {
  for (const std::string_view coding : sip_split(codings, ',')) {
    if (coding.empty() || same_ignoring_case(coding, "identity")) continue;
    if (!same_ignoring_case(coding, "chunked")) {
      return fail(fmt::format("its body comes in the transfer coding '{}', which was not asked for",
                              printable(coding, Escaped::all_but_ascii)));
    }
    if (chunked_) return fail("its body comes in chunks of chunks");
    chunked_ = true;
  }
  return {};
}

}  // namespace provlab::net
