#include "core/net/markers.hpp"

#include <algorithm>
#include <array>

#include "core/net/net_events.hpp"
#include "core/platform/text.hpp"
#include "core/platform/user_info.hpp"

namespace provlab::net {

namespace {

constexpr std::size_t kLongestMarker = 32;

/// The length of `<WORD>` or `{word}` at the front of `text`, letters, digits, `_` and `-` inside;
/// 0 where there is none.
std::size_t marker_length(std::string_view text) {
  const char close = text[0] == '<' ? '>' : '}';
  const std::size_t end = text.substr(0, kLongestMarker).find(close);
  if (end == std::string_view::npos || end < 2) return 0;
  const bool word = std::ranges::all_of(text.substr(1, end - 1), [](char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '-';
  });
  return word ? end + 1 : 0;
}

bool append_value(std::string& out, std::string_view marker, const DeviceIdentity& device) {
  if (marker == "<SERIAL>" || marker == "{serial}") {
    out += device.serial;
  } else if (marker == "<HWTYP>" || marker == "{type}") {
    out += to_string(device.type);
  } else if (marker == "<MACADR>" || marker == "{mac}") {
    out += device.mac.compact();
  } else {
    return false;
  }
  return true;
}

}  // namespace

MarkerResult replace_markers(std::string_view text, const DeviceIdentity& device) {
  MarkerResult result;
  result.text.reserve(text.size() + 16);
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find_first_of("<{"), text.size());
    result.text += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const std::size_t length = marker_length(text);
    if (length == 0) {
      result.text += text[0];
      text.remove_prefix(1);
      continue;
    }
    const std::string_view marker = text.substr(0, length);
    if (!append_value(result.text, marker, device)) {
      result.text += marker;
      result.unknown.emplace_back(marker);
    }
    text.remove_prefix(length);
  }
  return result;
}

std::string replace_markers(std::string_view url, const DeviceIdentity& device, Host& host) {
  MarkerResult result = replace_markers(url, device);
  // A password in such brackets is no marker to tell of.
  if (!result.unknown.empty() && !has_user_info(url)) {
    for (const std::string& marker : result.unknown) host.record(MarkerUnknown{marker, url});
  }
  return std::move(result.text);
}

}  // namespace provlab::net
