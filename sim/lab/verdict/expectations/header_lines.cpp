#include "sim/lab/verdict/expectations/header_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/platform/text.hpp"
#include "netfakes/events.hpp"

namespace provlab::lab {

namespace {

using netfakes::kBetweenLines;

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kShortNames{
    {{"a", "Accept-Contact"},
     {"c", "Content-Type"},
     {"e", "Content-Encoding"},
     {"f", "From"},
     {"i", "Call-ID"},
     {"k", "Supported"},
     {"l", "Content-Length"},
     {"m", "Contact"},
     {"o", "Event"},
     {"s", "Subject"},
     {"t", "To"},
     {"v", "Via"}}};

std::string_view long_name(std::string_view name) {
  const auto found = std::ranges::find_if(
      kShortNames, [&](const auto& each) { return same_ignoring_case(each.first, name); });
  return found == kShortNames.end() ? name : found->second;
}

struct ToldLine {
  std::string_view name;
  std::string_view value;
};

/// A header line's name; empty where the text begins none, but goes on with the value before it.
std::string_view name_in(std::string_view text) {
  const std::string_view name = trimmed(text.substr(0, text.find(':')));
  const bool none = text.find(':') == std::string_view::npos || name.empty() ||
                    name.find_first_of(" \t\"()<>@,;/[]?={}") != std::string_view::npos;
  return none ? std::string_view() : name;
}

std::vector<ToldLine> split(std::string_view lines) {
  std::vector<ToldLine> result;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find(kBetweenLines), lines.size());
    const std::string_view line = lines.substr(0, end);
    const std::string_view name = name_in(line);
    if (!name.empty()) {
      result.push_back({long_name(name), trimmed(line.substr(line.find(':') + 1))});
    } else if (!result.empty()) {
      // The value itself holds what stands between lines.
      std::string_view& value = result.back().value;
      value = {value.data(), static_cast<std::size_t>(line.data() + line.size() - value.data())};
    }
    lines.remove_prefix(std::min(end + kBetweenLines.size(), lines.size()));
  }
  return result;
}

bool is_meant(const HeaderPattern& pattern, const ToldLine& line) {
  return same_ignoring_case(long_name(pattern.name), line.name);
}

bool fits_line(const HeaderPattern& pattern, const ToldLine& line) {
  return is_meant(pattern, line) && (!pattern.is || line.value == *pattern.is) &&
         line.value.find(pattern.contains) != std::string_view::npos;
}

}  // namespace

bool fit(const std::vector<HeaderPattern>& patterns, std::string_view lines) {
  const std::vector<ToldLine> told = split(lines);
  return std::ranges::all_of(patterns, [&](const HeaderPattern& pattern) {
    const bool any =
        std::ranges::any_of(told, [&](const ToldLine& line) { return fits_line(pattern, line); });
    return any != pattern.absent;
  });
}

std::string shown_lines(const std::vector<HeaderPattern>& patterns, std::string_view lines) {
  const std::vector<ToldLine> told = split(lines);
  std::string text;
  for (const HeaderPattern& pattern : patterns) {
    bool any = false;
    for (const ToldLine& line : told) {
      if (!is_meant(pattern, line)) continue;
      any = true;
      text += fmt::format("{}{}: {}", text.empty() ? "" : " | ", line.name, line.value);
    }
    if (!any && !pattern.absent) {
      text += fmt::format("{}no {}", text.empty() ? "" : " | ", pattern.name);
    }
  }
  return text;
}

}  // namespace provlab::lab
