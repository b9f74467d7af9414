#include "core/settings/settings_version.hpp"

#include <fmt/format.h>

#include <charconv>

#include "core/platform/text.hpp"
#include "core/settings/xml_tree.hpp"

namespace provlab::settings {

Expected<SettingsVersion> SettingsVersion::parse(std::string_view text) {
  SettingsVersion version;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (std::size_t i = 0; i < version.numbers.size(); ++i) {
    const auto [next, failure] = std::from_chars(at, end, version.numbers[i]);
    if (failure != std::errc()) break;
    if (next == end) return version;
    if (*next != '.') break;
    at = next + 1;
  }
  return fail(
      fmt::format("'{}' is no settings version; write numbers such as 1.34.0", shortened(text)));
}

std::string SettingsVersion::to_string() const {
  return fmt::format("{}.{}.{}", numbers[0], numbers[1], numbers[2]);
}

std::string_view settings_version(Release release) {
  switch (release) {
    case Release::r1_10A:
      return "1.8.9";
    case Release::r2_0C:
      return "1.20.0";
    case Release::r2_2A:
      return "1.34.0";
  }
  return "";
}

SettingsVersion version_of(Release release) {
  return SettingsVersion::parse(settings_version(release)).value();
}

}  // namespace provlab::settings
