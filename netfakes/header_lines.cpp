#include "netfakes/header_lines.hpp"

#include <algorithm>

#include "core/platform/text.hpp"

namespace provlab::netfakes {

namespace {

constexpr std::string_view kHidden = "***";

/// Adds what a trace may hold of a value.
void tell_value(std::string& told, std::string_view name, std::string_view value) {
  if (same_header(name, "Cookie")) {
    told += kHidden;
  } else if (same_header(name, "Authorization") || same_header(name, "Proxy-Authorization")) {
    const std::size_t scheme = value.find(' ');
    if (scheme != std::string_view::npos) told += value.substr(0, scheme + 1);
    told += kHidden;
  } else {
    told += value;
  }
}

}  // namespace

bool same_header(std::string_view a, std::string_view b) {
  return same_ignoring_case(a, b);
}

bool any_of_name(const HeaderLines& lines, std::string_view name) {
  return std::ranges::any_of(lines,
                             [&](const HeaderLine& line) { return same_header(line.name, name); });
}

void tell_line(std::string& told, std::string_view name, std::string_view value) {
  if (!told.empty()) told += kBetweenLines;
  told.append(name).append(": ");
  tell_value(told, name, value);
}

std::string told_lines(std::string_view message) {
  std::string told;
  message = message.substr(0, message.find("\r\n\r\n"));
  told.reserve(message.size() + kBetweenLines.size());
  for (;;) {
    const std::size_t end = message.find("\r\n");
    const std::string_view line = message.substr(0, end);
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) {
      told += line;
    } else {
      told += line.substr(0, colon + 2);
      tell_value(told, line.substr(0, colon), line.substr(colon + 2));
    }
    if (end == std::string_view::npos) return told;
    told += kBetweenLines;
    message.remove_prefix(end + 2);
  }
}

}  // namespace provlab::netfakes
