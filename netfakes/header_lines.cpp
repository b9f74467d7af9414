#include "netfakes/header_lines.hpp"

#include <algorithm>

#include "core/platform/text.hpp"

namespace provlab::netfakes {

namespace {

constexpr std::string_view kHidden = "***";

/// What a trace may hold of a value.
std::string shown_value(std::string_view name, std::string_view value) {
  if (same_header(name, "Cookie")) return std::string(kHidden);
  if (!same_header(name, "Authorization") && !same_header(name, "Proxy-Authorization")) {
    return std::string(value);
  }
  const std::size_t scheme = value.find(' ');
  if (scheme == std::string_view::npos) return std::string(kHidden);
  return std::string(value.substr(0, scheme + 1)).append(kHidden);
}

std::string shown_line(std::string_view line) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos) return std::string(line);
  const std::string_view name = line.substr(0, colon);
  return std::string(name).append(": ").append(shown_value(name, line.substr(colon + 2)));
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
  told.append(name).append(": ").append(shown_value(name, value));
}

std::string told_lines(std::string_view message) {
  std::string told;
  message = message.substr(0, message.find("\r\n\r\n"));
  for (;;) {
    const std::size_t end = message.find("\r\n");
    told += shown_line(message.substr(0, end));
    if (end == std::string_view::npos) return told;
    told += kBetweenLines;
    message.remove_prefix(end + 2);
  }
}

}  // namespace provlab::netfakes
