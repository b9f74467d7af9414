#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/platform/device_identity.hpp"
#include "core/platform/error.hpp"

namespace provlab::settings {

/// The version of a section's settings, such as `1.34.0`: numbers that compare as numbers, so that
/// 1.8.9 comes before 1.20.0 (SPEC 6.1). The default, 0.0.0, stands for a version that nobody knows
/// (SPEC 6.2).
struct SettingsVersion {
  std::array<std::uint32_t, 3> numbers{};

  /// One to three numbers with dots between them; those left out are 0.
  static Expected<SettingsVersion> parse(std::string_view text);
  std::string to_string() const;

  friend auto operator<=>(const SettingsVersion&, const SettingsVersion&) = default;
};

/// The settings version of a release's sections (SPEC 6.1), and its text: `1.8.9`, `1.20.0`,
/// `1.34.0`.
SettingsVersion version_of(Release release);
std::string_view settings_version(Release release);

/// All releases, oldest first.
inline constexpr std::array<Release, 3> kReleases{Release::r1_10A, Release::r2_0C, Release::r2_2A};

}  // namespace provlab::settings
