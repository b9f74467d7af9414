#include "core/net/http_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/net/sip_text.hpp"

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
    coding = sip_trim(coding);
    return !coding.empty() && !sip_same_name(coding, "identity");
  });
}

Expected<void> HttpHead::take(std::string_view line) {
  line = line.substr(0, line.find_last_not_of("\r\n") + 1);
  if (line.starts_with(' ') || line.starts_with('\t')) {
    folded_ = true;
    pending_.append(" ").append(sip_trim(line));
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
  const std::string_view value = sip_trim(field.substr(colon + 1));
  if (sip_same_name(name, "content-type")) {
    keep_first(fields_.content_type, value);
  } else if (sip_same_name(name, "location")) {
    keep_first(fields_.location, value);
  } else if (sip_same_name(name, "content-encoding")) {
    if (!fields_.content_encoding.empty() && !value.empty()) fields_.content_encoding += ", ";
    fields_.content_encoding += value;
  } else if (sip_same_name(name, "content-length")) {
    return note_lengths(value);
  } else if (folded_ && sip_same_name(name, "transfer-encoding")) {
    // libcurl, which takes the body apart, has read the first line only.
    return fail("its Transfer-Encoding goes on in a second line");
  }
  return {};
}

Expected<void> HttpHead::note_lengths(std::string_view lengths) {
  for (const std::string_view text : sip_split(lengths, ',')) {
    const auto length = decimal(sip_trim(text));
    if (!length) return fail("its Content-Length is no number");
    if (length_ && *length_ != *length) {
      return fail(fmt::format("its Content-Length is both {} and {}", *length_, *length));
    }
    length_ = length;
  }
  return {};
}

}  // namespace provlab::net
