#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/settings/settings_version.hpp"

namespace provlab::settings {

/// One step of the way from a release's settings to the next one's, as schemas/migrations/ has it;
/// schemas/migrations.xsd says what each kind does.
struct MigrationStep {
  enum class Kind { rename, move, preset, convert, drop };
  using Path = std::vector<std::string>;  ///< from the section on; the last may be an `@attribute`

  Kind kind = Kind::rename;
  Path path;
  Path to;                                                  ///< rename (one name), move
  Path with;                                                ///< preset
  std::string value;                                        ///< preset
  std::optional<std::string> equals;                        ///< preset
  std::vector<std::pair<std::string, std::string>> values;  ///< convert
  std::uint64_t multiply = 1;                               ///< convert
  std::uint64_t divide = 1;                                 ///< convert
  std::uint64_t least = 0;                                  ///< convert: lesser numbers stay
  std::uint64_t most = UINT64_MAX;                          ///< convert: greater numbers stay
  std::string why;
  std::string text;  ///< what it does: `rename sip/whitelist to allowlist`
};
using MigrationSteps = std::vector<const MigrationStep*>;

/// All steps from one settings version to the next, by section.
struct Migration {
  SettingsVersion from;
  SettingsVersion to;
  std::map<std::string, std::vector<MigrationStep>, std::less<>> sections;
};

}  // namespace provlab::settings
